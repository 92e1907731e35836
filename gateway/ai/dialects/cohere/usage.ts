import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'

const count = z.int().min(0)
const tokens = z.object({ input_tokens: count, output_tokens: count.nullish() })

const usage = z.object({
  tokens: tokens.nullish().catch(null),
  billed_units: tokens.nullish().catch(null),
  cached_tokens: count.nullish().catch(null),
})

/**
 * The usage that an answer tells; undefined where it is missing or makes no sense. What is billed
 * leaves out what the provider itself adds to a prompt, so it stands in only where there is no more.
 * https://docs.cohere.com/reference/chat
 */
export const readUsage = (told: unknown): Usage | undefined => {
  const { data } = usage.safeParse(told)
  const counted = data?.tokens ?? data?.billed_units
  if (!counted) return undefined
  return {
    inputTokens: counted.input_tokens,
    outputTokens: counted.output_tokens ?? 0,
    ...(typeof data?.cached_tokens === 'number' && { cachedInputTokens: data.cached_tokens }),
  }
}
