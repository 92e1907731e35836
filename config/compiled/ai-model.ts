import { z } from 'zod'

/** The wire formats of models that the gateway speaks. */
export const DIALECTS = ['OpenAI', 'Anthropic', 'Gemini', 'Bedrock', 'Cohere'] as const

export type Dialect = (typeof DIALECTS)[number]

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
    .object({
      secret: z.string(),
      key: z.string(),
      /** Lower case. */
      header: z.string(),
      prefix: z.string(),
    })
    .optional(),
  /** Most output tokens that a call may ask for. */
  maxTokens: z.int().optional(),
  /** The only name that the provider takes for it in a request; either, if there is none. */
  maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
  /** Whether the provider takes `stream_options`. */
  hasStreamOptions: z.boolean(),
  /** 0 is no limit. */
  timeouts: z.object({
    requestMs: z.number(),
    firstTokenMs: z.number(),
    streamIdleMs: z.number(),
  }),
})

export type CompiledModel = z.infer<typeof compiledModel>
