import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'
import { toPresent } from '../../chat/present.ts'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const detail = count.nullish().catch(undefined)
const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count.default(0),
  total_tokens: detail,
  prompt_tokens_details: z
    .object({ cached_tokens: detail, cache_write_tokens: detail })
    .nullish()
    .catch(undefined),
  completion_tokens_details: z.object({ reasoning_tokens: detail }).nullish().catch(undefined),
})

/** Groq tells that of a stream in a place of its own. */
interface WithUsage {
  readonly usage?: unknown
  readonly x_groq?: { readonly usage?: unknown } | null
}

/**
 * xAI counts what the model thought beside the completion:
 * https://docs.x.ai/docs/key-information/consumption-and-rate-limits
 */
const toOutputTokens = (told: z.infer<typeof usage>): number => {
  const thought = told.completion_tokens_details?.reasoning_tokens ?? 0
  const withThought = told.completion_tokens + thought
  return told.total_tokens === told.prompt_tokens + withThought
    ? withThought
    : told.completion_tokens
}

/** The usage that an answer tells; undefined where it is missing or makes no sense. */
export const readUsage = (answer: unknown): Usage | undefined => {
  const told = answer as WithUsage | null | undefined
  const { data } = usage.safeParse(told?.usage ?? told?.x_groq?.usage)
  return (
    data && {
      inputTokens: data.prompt_tokens,
      outputTokens: toOutputTokens(data),
      ...toPresent({
        cachedInputTokens: data.prompt_tokens_details?.cached_tokens,
        cacheWriteInputTokens: data.prompt_tokens_details?.cache_write_tokens,
        reasoningTokens: data.completion_tokens_details?.reasoning_tokens,
      }),
    }
  )
}

/** What an answer says of its usage: https://platform.openai.com/docs/api-reference/chat/object */
export const encodeUsage = (told: Usage): object => ({
  prompt_tokens: told.inputTokens,
  completion_tokens: told.outputTokens,
  total_tokens: told.inputTokens + told.outputTokens,
  prompt_tokens_details: {
    cached_tokens: told.cachedInputTokens ?? 0,
    cache_write_tokens: told.cacheWriteInputTokens ?? 0,
  },
  completion_tokens_details: { reasoning_tokens: told.reasoningTokens ?? 0 },
})
