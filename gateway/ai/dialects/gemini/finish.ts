import type { Finish } from '../../chat/answer.ts'
import type { GeminiCandidate } from './response.ts'

/** The provider held the rest back; or stopped for a reason that it does not tell. */
const FILTERED = new Set([
  ...['SAFETY', 'RECITATION', 'LANGUAGE', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'OTHER'],
  ...['IMAGE_SAFETY', 'IMAGE_PROHIBITED_CONTENT', 'IMAGE_RECITATION', 'IMAGE_OTHER', 'NO_IMAGE'],
])

/** The model wrote what the provider could not read, and that was thrown away. */
const FAILED = new Set([
  ...['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'],
  ...['MALFORMED_RESPONSE', 'MISSING_THOUGHT_SIGNATURE'],
])

/** Stands for no reason at all. */
const UNSPECIFIED = 'FINISH_REASON_UNSPECIFIED'

/** What an answer came to. */
export type Outcome =
  | { readonly type: 'finish'; readonly finish: Finish }
  | { readonly type: 'error'; readonly message: string }

const toFinish = (reason: string, hasCalls: boolean): Finish => {
  if (reason === 'MAX_TOKENS') return 'length'
  if (FILTERED.has(reason)) return 'contentFilter'
  // Whatever the reason is, the model has stopped if there is one.
  return hasCalls ? 'toolCalls' : 'stop'
}

/**
 * How an answer ended; undefined while it goes on.
 * https://ai.google.dev/api/generate-content#FinishReason
 */
export const readOutcome = (
  { finishReason, finishMessage }: GeminiCandidate,
  hasCalls: boolean,
): Outcome | undefined => {
  if (!finishReason || finishReason === UNSPECIFIED) return undefined
  if (!FAILED.has(finishReason)) return { type: 'finish', finish: toFinish(finishReason, hasCalls) }
  const message = finishMessage || `The model of this provider ended with ${finishReason}.`
  return { type: 'error', message }
}
