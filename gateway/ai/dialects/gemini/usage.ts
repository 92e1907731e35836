import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'

const count = z.int().min(0).nullish()

const metadata = z.object({
  promptTokenCount: z.int().min(0),
  cachedContentTokenCount: count,
  toolUsePromptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
})

/**
 * The usage that an answer tells; undefined where it is missing or makes no sense. What came from
 * the cache is within the prompt, what the model thought is beside the candidates.
 * https://ai.google.dev/api/generate-content#UsageMetadata
 */
export const readUsage = (usageMetadata: unknown): Usage | undefined => {
  const { data } = metadata.safeParse(usageMetadata)
  if (!data) return undefined
  const { cachedContentTokenCount: cached, thoughtsTokenCount: thoughts } = data
  return {
    inputTokens: data.promptTokenCount + (data.toolUsePromptTokenCount ?? 0),
    outputTokens: (data.candidatesTokenCount ?? 0) + (thoughts ?? 0),
    ...(typeof cached === 'number' && { cachedInputTokens: cached }),
    ...(typeof thoughts === 'number' && { reasoningTokens: thoughts }),
  }
}
