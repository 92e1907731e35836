import { z } from 'zod'

const part = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  functionCall: z
    .object({ id: z.string().nullish(), name: z.string(), args: z.unknown().optional() })
    .nullish(),
})

const candidate = z.object({
  content: z.object({ parts: z.array(part).nullish() }).nullish(),
  finishReason: z.string().nullish(),
  finishMessage: z.string().nullish(),
})

/**
 * An answer, or a piece of one: https://ai.google.dev/api/generate-content#response-body. Only one
 * candidate is ever asked for.
 */
export const response = z.object({
  candidates: z.array(candidate).nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: z.unknown().optional(),
  modelVersion: z.string().nullish(),
  responseId: z.string().nullish(),
})

export type GeminiPart = z.infer<typeof part>
export type GeminiCandidate = z.infer<typeof candidate>
export type GeminiResponse = z.infer<typeof response>
