import type { Finish } from '../../chat/answer.ts'

/** The provider gave up; what it said so far is no answer. */
const FAILED = new Set(['ERROR', 'TIMEOUT'])

/** What an answer came to. */
export type Outcome =
  | { readonly type: 'finish'; readonly finish: Finish }
  | { readonly type: 'error'; readonly message: string }

/** How an answer ended: https://docs.cohere.com/reference/chat#response.body.finish_reason */
export const readOutcome = (
  reason: string | null | undefined,
  hasCalls: boolean,
  error?: string | null,
): Outcome => {
  if (error || FAILED.has(reason ?? '')) {
    return { type: 'error', message: error || `The model of this provider ended with ${reason}.` }
  }
  if (reason === 'MAX_TOKENS') return { type: 'finish', finish: 'length' }
  // Whatever the reason is, the provider has told that this is the end.
  return { type: 'finish', finish: hasCalls ? 'toolCalls' : 'stop' }
}
