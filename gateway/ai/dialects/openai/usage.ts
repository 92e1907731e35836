import type { Usage } from '../../../link/model-stats.ts'

type Told = Readonly<Record<string, unknown>>

/** By hand: every answer is read, and a schema would take longer than the rest of it. */
const toCount = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined

const toObject = (value: unknown): Told =>
  typeof value === 'object' && value !== null ? (value as Told) : {}

/**
 * xAI counts what the model thought beside the completion:
 * https://docs.x.ai/docs/key-information/consumption-and-rate-limits
 */
const toOutputTokens = (told: Told, inputTokens: number, completion: number): number => {
  const thought = toCount(toObject(told.completion_tokens_details).reasoning_tokens) ?? 0
  const withThought = completion + thought
  return told.total_tokens === inputTokens + withThought ? withThought : completion
}

/** The usage that an answer tells; undefined where it is missing or makes no sense. */
export const readUsage = (answer: unknown): Usage | undefined => {
  const { usage, x_groq: groq } = toObject(answer)
  // Groq tells that of a stream in a place of its own.
  const told = toObject(usage ?? toObject(groq).usage)
  const inputTokens = toCount(told.prompt_tokens)
  const completion = told.completion_tokens === undefined ? 0 : toCount(told.completion_tokens)
  if (inputTokens === undefined || completion === undefined) return undefined
  const input = toObject(told.prompt_tokens_details)
  const cached = toCount(input.cached_tokens)
  const written = toCount(input.cache_write_tokens)
  const thought = toCount(toObject(told.completion_tokens_details).reasoning_tokens)
  return {
    inputTokens,
    outputTokens: toOutputTokens(told, inputTokens, completion),
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(written !== undefined && { cacheWriteInputTokens: written }),
    ...(thought !== undefined && { reasoningTokens: thought }),
  }
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
