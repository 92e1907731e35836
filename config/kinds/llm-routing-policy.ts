import { z } from 'zod'
import { PII_TYPES } from '../compiled/guardrail.ts'
import { cache } from './cache.ts'
import { retries } from './call-retries.ts'
import {
  cel,
  conditionColumns,
  duration,
  headerName,
  type KindDefinition,
  objectName,
} from './common.ts'
import { guardrails } from './guardrail.ts'
import { limits } from './limit.ts'

const modelVersion = z
  .string()
  .max(63)
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/)

const fallback = z.object({
  name: objectName.describe(
    "Name of an AIModelConfig, in this namespace or else in the gateway's own.",
  ),
  version: modelVersion
    .optional()
    .describe('Its version: with another one, the model counts as missing.'),
})

const model = fallback.extend({
  weight: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(1)
    .describe('Share of the calls, with strategy Weighted.'),
})

const rule = z.object({
  name: objectName.optional().describe('For logs and metrics.'),
  when: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe(
      'CEL expression that is true of the calls this rule is for; without it, of all. It sees caller.name, caller.team, caller.tenant, headers["name"], model, operation, stream, tokens (of the input, estimated), maxTokens, hasTools, hasImages and sensitive.',
    ),
  strategy: z
    .enum(['Weighted', 'Priority', 'Cheapest', 'Fastest'])
    .default('Weighted')
    .describe(
      'Which model is tried first. Weighted: by weight. Priority: the first one. Cheapest: by price and tokens. Fastest: by the time to the first token as measured. But for Weighted, the others follow in that order when it fails.',
    ),
  models: z.array(model).min(1).max(32).describe('Models to choose among.'),
})

const sticky = z
  .object({
    by: z
      .enum(['Consumer', 'Team', 'Tenant', 'Header'])
      .describe('What the calls have in common that reach the same model.'),
    header: headerName.optional().describe('Header whose value counts, when by is Header.'),
  })
  .describe('Keeps calls with the same model while models and weights are the same: an A/B test.')
  .meta(
    cel({
      rule: "(self.by == 'Header') == has(self.header)",
      message: 'header goes with by: Header, and with nothing else',
    }),
  )

const spec = z.object({
  rules: z
    .array(rule)
    .min(1)
    .max(64)
    .describe('The first one that is for a call chooses its model; none is: the call is refused.'),
  fallbacks: z
    .array(fallback)
    .max(16)
    .default([])
    .describe('Models that are tried in this order when those of the rule fail.'),
  sticky: sticky.optional(),
  sensitiveData: z
    .object({
      types: z
        .array(z.enum(PII_TYPES))
        .min(1)
        .max(PII_TYPES.length)
        .default([...PII_TYPES])
        .describe('What counts as sensitive.'),
    })
    .optional()
    .describe(
      'Calls that hold such data reach models with onPremise: true only, whatever the rules say.',
    ),
  timeouts: z
    .object({
      request: duration
        .default('10m')
        .describe('For all tries together, until the answer is complete; 0s for none.'),
    })
    .prefault({})
    .meta({ default: {} }),
  retries: retries.prefault({}).meta({ default: {} }),
  limits: limits.optional(),
  guardrails: guardrails.optional(),
  cache: cache.optional(),
})

export type LlmRoutingPolicySpec = z.output<typeof spec>

/** A name behind which there are several models. */
export const llmRoutingPolicy = {
  kind: 'LLMRoutingPolicy',
  plural: 'llmroutingpolicies',
  singular: 'llmroutingpolicy',
  shortNames: ['llmrp'],
  description:
    'LLMRoutingPolicy is a name that callers of the AI endpoints may use as a model; its rules say which AIModelConfigs answer.',
  spec,
  printerColumns: [
    {
      name: 'Models',
      type: 'string',
      jsonPath: '.spec.rules[*].models[*].name',
      description: 'Models to choose among',
    },
    ...conditionColumns,
  ],
} as const satisfies KindDefinition
