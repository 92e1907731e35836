import type { Finish } from '../../chat/answer.ts'

/**
 * Reasons that are not here end an answer that is complete.
 * https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
 */
const FINISHES: ReadonlyMap<string, Finish> = new Map([
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'toolCalls'],
  ['refusal', 'contentFilter'],
])

/** Why an answer ends, in the words of none. */
export const toFinish = (stopReason: string): Finish => FINISHES.get(stopReason) ?? 'stop'

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  toolCalls: 'tool_use',
  contentFilter: 'refusal',
}

/** How an answer says why it ends. */
export const encodeFinish = (finish: Finish, stopSequence: string | undefined) => ({
  stop_reason: stopSequence === undefined ? STOP_REASONS[finish] : 'stop_sequence',
  stop_sequence: stopSequence ?? null,
})
