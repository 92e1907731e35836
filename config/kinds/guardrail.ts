import { z } from 'zod'
import { ACTIONS, JUDGE_FAILURES, PII_TYPES, SENSITIVITIES, STAGES } from '../compiled/guardrail.ts'
import { cel, duration, objectName } from './common.ts'

const onFailure = z
  .enum(JUDGE_FAILURES)
  .default('Block')
  .describe('What happens when there is no judgement.')

const pii = z
  .object({
    types: z
      .array(z.enum(PII_TYPES))
      .min(1)
      .max(PII_TYPES.length)
      .default([...PII_TYPES])
      .describe('What to look for. Default: all.'),
    reversible: z
      .boolean()
      .default(true)
      .describe('Whether what is masked in a request is put back in its answer.'),
  })
  .describe('Finds what belongs to a person, and secrets.')

const patterns = z
  .array(z.string().min(1).max(1024))
  .min(1)
  .max(32)
  .describe(
    'RE2 expressions, each for a part of a text; what they find has 256 characters at most.',
  )

const promptInjection = z
  .object({
    sensitivity: z
      .enum(SENSITIVITIES)
      .default('Medium')
      .describe('High needs the fewest signs, and is wrong the most often.'),
  })
  .describe('Finds attempts to take over the model, in what users and tools say.')

const topics = z
  .object({
    deny: z
      .array(z.string().min(1).max(256))
      .min(1)
      .max(256)
      .describe('Words or phrases, found as whole words; case does not matter.'),
  })
  .describe('Finds words that shall not be spoken of.')

const size = z
  .object({
    maxCharacters: z
      .int()
      .min(1)
      .max(100_000_000)
      .optional()
      .describe('Of all texts of a request or an answer together.'),
    maxMessages: z.int().min(1).max(100_000).optional().describe('Of a request.'),
  })
  .describe('Bounds how much is said.')
  .meta(
    cel({
      rule: 'has(self.maxCharacters) || has(self.maxMessages)',
      message: 'maxCharacters or maxMessages must be set',
    }),
  )

const model = z
  .object({
    name: objectName.describe('Name of the AIModelConfig that judges.'),
    instructions: z
      .string()
      .min(1)
      .max(8192)
      .optional()
      .describe('What is not allowed. Default: what is harmful.'),
    onFailure,
  })
  .describe('Asks another model for a judgement.')

const webhook = z
  .object({
    url: z
      .string()
      .max(2048)
      .regex(/^https?:\/\/[^\s/?#@\\]+(\/[^\s#\\]*)?$/)
      .describe('Where the judgement is asked for.'),
    timeout: duration.default('2s').describe('Until the judgement must be there.'),
    onFailure,
  })
  .describe('Asks an HTTP service for a judgement.')

const CHECKS = { pii, patterns, promptInjection, topics, size, model, webhook }

/** The checks that a guardrail has one of. */
export const CHECK_NAMES = Object.keys(CHECKS) as (keyof typeof CHECKS)[]

const guardrail = z
  .object({
    name: objectName.describe('Unique in its list; logs and metrics show it.'),
    on: z
      .array(z.enum(STAGES))
      .min(1)
      .max(STAGES.length)
      .optional()
      .describe('Where it looks. Default: both, or Request where the check knows no other.'),
    action: z
      .enum(ACTIONS)
      .describe('Block refuses the call, Mask replaces what is found, Audit only reports it.'),
    message: z
      .string()
      .min(1)
      .max(1024)
      .optional()
      .describe('What the caller is told of what is blocked.'),
    pii: pii.optional(),
    patterns: patterns.optional(),
    promptInjection: promptInjection.optional(),
    topics: topics.optional(),
    size: size.optional(),
    model: model.optional(),
    webhook: webhook.optional(),
  })
  .meta(
    cel(
      {
        rule: `${CHECK_NAMES.map((name) => `(has(self.${name}) ? 1 : 0)`).join(' + ')} == 1`,
        message: `exactly one of ${CHECK_NAMES.join(', ')} must be set`,
      },
      {
        rule: "!has(self.promptInjection) || !has(self.on) || !('Response' in self.on)",
        message: 'promptInjection is for requests only',
        fieldPath: '.on',
      },
      {
        rule: "!has(self.size) || has(self.size.maxCharacters) || !has(self.on) || !('Response' in self.on)",
        message: 'maxMessages is for requests only',
        fieldPath: '.on',
      },
      {
        rule: "self.action != 'Mask' || has(self.pii) || has(self.patterns) || has(self.topics) || has(self.webhook)",
        message: 'only pii, patterns, topics and webhook can mask',
        fieldPath: '.action',
      },
    ),
  )

/** What stands guard over what callers and models say; for the specs of several kinds. */
export const guardrails = z
  .array(guardrail)
  .max(16)
  .describe('Those that find something by themselves act first, then those that ask, in order.')
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })

export type GuardrailSpec = z.output<typeof guardrail>
