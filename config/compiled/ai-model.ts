import { z } from 'zod'
import { compiledCache } from './cache.ts'
import { compiledCost } from './cost.ts'
import { compiledGuardrail } from './guardrail.ts'
import { compiledLimit } from './limit.ts'

/** The wire formats of models that the gateway speaks. */
export const DIALECTS = ['OpenAI', 'Anthropic', 'Gemini', 'Bedrock', 'Cohere'] as const

export type Dialect = (typeof DIALECTS)[number]

/** How often a call is tried again, and after which wait. */
export const compiledRetry = z.object({ attempts: z.int(), backoffMs: z.number() })

export type CompiledRetry = z.infer<typeof compiledRetry>

/** An AIModelConfig as the gateway reads it: defaults applied, the provider looked up. */
export const compiledModel = z.object({
  /** As users wrote it; for metrics and messages. */
  provider: z.string(),
  dialect: z.enum(DIALECTS),
  /** What the provider calls the model. */
  model: z.string(),
  version: z.string().optional(),
  /** Ready to dial. */
  endpoint: z.object({
    protocol: z.enum(['http', 'https']),
    /** DNS name or IP address, without brackets. */
    host: z.string(),
    port: z.int(),
    /** Without a final slash; may be empty. */
    basePath: z.string(),
  }),
  /** Where the credential is, and how it is shown; the value never gets here. */
  credential: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('Header'),
        secret: z.string(),
        key: z.string(),
        /** Lower case. */
        header: z.string(),
        prefix: z.string(),
      }),
      /** Requests are signed. */
      z.object({ type: z.literal('AWS'), secret: z.string(), region: z.string() }),
    ])
    .optional(),
  /** Whether what is sent to it stays in house. */
  onPremise: z.boolean(),
  /** Most output tokens that a call may ask for. */
  maxTokens: z.int().optional(),
  /** The only name that the provider takes for it in a request; either, if there is none. */
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
  /** Whether the provider takes `stream_options`. */
  hasStreamOptions: z.boolean(),
  /** Whether the provider speaks the Responses API. */
  hasResponses: z.boolean(),
  /** 0 is no limit. */
  timeouts: z.object({
    requestMs: z.number(),
    firstTokenMs: z.number(),
    streamIdleMs: z.number(),
  }),
  retry: compiledRetry,
  /** In place of the listed prices. */
  cost: compiledCost.optional(),
  limits: z.array(compiledLimit),
  guardrails: z.array(compiledGuardrail),
  cache: compiledCache.optional(),
  /** 0 failures: none. */
  breaker: z.object({ failures: z.int(), cooldownMs: z.number() }),
})

export type CompiledModel = z.infer<typeof compiledModel>
