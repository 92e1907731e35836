import { z } from 'zod'

/** What of people and their accesses a guardrail knows to find. */
export const PII_TYPES = [
  'Email',
  'PhoneNumber',
  'CreditCard',
  'IBAN',
  'IPAddress',
  'USSocialSecurityNumber',
  'Secret',
] as const

export type PiiType = (typeof PII_TYPES)[number]

/** What a guardrail looks at. */
export const STAGES = ['Request', 'Response'] as const

export type Stage = (typeof STAGES)[number]

export const ACTIONS = ['Block', 'Mask', 'Audit'] as const

export type Action = (typeof ACTIONS)[number]

/** How little is enough for an attempt to take over a model. */
export const SENSITIVITIES = ['Low', 'Medium', 'High'] as const

export type Sensitivity = (typeof SENSITIVITIES)[number]

/** What happens to a call when the judge of a guardrail gives no judgement. */
export const JUDGE_FAILURES = ['Allow', 'Block'] as const

const onFailure = z.enum(JUDGE_FAILURES)

const check = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pii'), types: z.array(z.enum(PII_TYPES)), reversible: z.boolean() }),
  z.object({ type: z.literal('patterns'), patterns: z.array(z.string()) }),
  z.object({ type: z.literal('promptInjection'), sensitivity: z.enum(SENSITIVITIES) }),
  z.object({ type: z.literal('topics'), deny: z.array(z.string()) }),
  z.object({
    type: z.literal('size'),
    maxCharacters: z.int().optional(),
    maxMessages: z.int().optional(),
  }),
  z.object({
    type: z.literal('model'),
    /** An AIModelConfig of the same namespace. */
    model: z.string(),
    instructions: z.string().optional(),
    onFailure,
  }),
  z.object({
    type: z.literal('webhook'),
    /** Ready to dial. */
    target: z.object({
      protocol: z.enum(['http', 'https']),
      /** DNS name or IP address, without brackets. */
      host: z.string(),
      port: z.int(),
      /** With the query, if there is one. */
      path: z.string(),
    }),
    timeoutMs: z.number(),
    onFailure,
  }),
])

/** A guardrail as the gateway reads it. */
export const compiledGuardrail = z.object({
  name: z.string(),
  /** Where it looks; never empty. */
  stages: z.array(z.enum(STAGES)),
  action: z.enum(ACTIONS),
  /** What the caller is told of what is blocked. */
  message: z.string().optional(),
  check,
})

export type CompiledGuardrail = z.infer<typeof compiledGuardrail>
