import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'

/** What makes no sense counts as not told. */
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional().catch(undefined)

const schema = z.object({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  output_tokens: count,
  output_tokens_details: z.object({ thinking_tokens: count }).optional().catch(undefined),
})

/** Tokens as the provider counts them, as far as it has told them. */
export interface TokenCounts {
  readonly input?: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  readonly output?: number
  readonly thinking?: number
}

/** The counts that a `usage` tells; those of a stream are put over earlier ones. */
export const readCounts = (usage: unknown): TokenCounts => {
  const { data } = schema.safeParse(usage)
  const told = {
    input: data?.input_tokens,
    cacheRead: data?.cache_read_input_tokens,
    cacheWrite: data?.cache_creation_input_tokens,
    output: data?.output_tokens,
    thinking: data?.output_tokens_details?.thinking_tokens,
  }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

/**
 * `input_tokens` leaves out what has to do with the cache.
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
 */
export const toUsage = (counts: TokenCounts): Usage | undefined => {
  const { input, cacheRead, cacheWrite, output, thinking } = counts
  if (input === undefined && output === undefined) return undefined
  return {
    inputTokens: (input ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0),
    outputTokens: output ?? 0,
    ...(cacheRead !== undefined && { cachedInputTokens: cacheRead }),
    ...(cacheWrite !== undefined && { cacheWriteInputTokens: cacheWrite }),
    ...(thinking !== undefined && { reasoningTokens: thinking }),
  }
}

/** A usage in the words of this dialect; zeros where none is known. */
export const encodeUsage = (usage: Usage | undefined): object => {
  const cacheRead = usage?.cachedInputTokens ?? 0
  const cacheWrite = usage?.cacheWriteInputTokens ?? 0
  const reasoning = usage?.reasoningTokens
  return {
    input_tokens: Math.max(0, (usage?.inputTokens ?? 0) - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: usage?.outputTokens ?? 0,
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
  }
}
