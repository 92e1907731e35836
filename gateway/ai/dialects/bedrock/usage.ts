import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'

const count = z.int().min(0)
const usage = z.object({
  inputTokens: count,
  outputTokens: count.nullish(),
  cacheReadInputTokens: count.nullish(),
  cacheWriteInputTokens: count.nullish(),
})

/**
 * The usage that an answer tells; undefined where it is missing or makes no sense. What came from
 * a cache or went into one is told beside the input, not within it.
 *
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html
 */
export const readUsage = (told: unknown): Usage | undefined => {
  const { data } = usage.safeParse(told)
  if (!data) return undefined
  const { inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens } = data
  const cached = cacheReadInputTokens ?? 0
  const written = cacheWriteInputTokens ?? 0
  return {
    inputTokens: inputTokens + cached + written,
    outputTokens: outputTokens ?? 0,
    ...(cached > 0 && { cachedInputTokens: cached }),
    ...(written > 0 && { cacheWriteInputTokens: written }),
  }
}
