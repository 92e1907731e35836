import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'
import { toPresent } from '../../chat/present.ts'

const count = z.int().min(0)
const optionalCount = count.optional().catch(undefined)

const told = z.object({
  usage: z.object({
    input_tokens: count,
    output_tokens: count.default(0),
    input_tokens_details: z
      .object({ cached_tokens: optionalCount, cache_write_tokens: optionalCount })
      .catch({ cached_tokens: undefined, cache_write_tokens: undefined }),
    output_tokens_details: z
      .object({ reasoning_tokens: optionalCount })
      .catch({ reasoning_tokens: undefined }),
  }),
})

/** The usage that a response tells; undefined where it is missing or makes no sense. */
export const readResponsesUsage = (response: unknown): Usage | undefined => {
  const { data } = told.safeParse(response)
  if (!data) return undefined
  const { input_tokens: inputTokens, output_tokens: outputTokens } = data.usage
  const { cached_tokens: cached, cache_write_tokens: written } = data.usage.input_tokens_details
  const { reasoning_tokens: reasoning } = data.usage.output_tokens_details
  const details = {
    cachedInputTokens: cached,
    cacheWriteInputTokens: written,
    reasoningTokens: reasoning,
  }
  return { inputTokens, outputTokens, ...toPresent(details) }
}

/** Official clients expect every count; what nobody counted is 0. */
export const encodeUsage = (usage: Usage | undefined): object | null =>
  usage === undefined
    ? null
    : {
        input_tokens: usage.inputTokens,
        input_tokens_details: {
          cached_tokens: usage.cachedInputTokens ?? 0,
          cache_write_tokens: usage.cacheWriteInputTokens ?? 0,
        },
        output_tokens: usage.outputTokens,
        output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
        total_tokens: usage.inputTokens + usage.outputTokens,
      }
