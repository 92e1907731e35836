import { z } from 'zod'
import type { Finish } from '../../chat/answer.ts'

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html */
const FINISHES = new Map<string, Finish>([
  ['tool_use', 'toolCalls'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['guardrail_intervened', 'contentFilter'],
  ['content_filtered', 'contentFilter'],
  ['refusal', 'contentFilter'],
])

/** What an answer and the event that ends a stream have in common. */
export const ending = z.looseObject({
  stopReason: z.string().nullish(),
  additionalModelResponseFields: z
    .looseObject({ stop_sequence: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
})

/** How an answer ended. */
export interface Ending {
  readonly finish: Finish
  readonly stopSequence?: string
}

/**
 * @param hasToolCalls whether a tool is called: some models end their turn and call one all the
 * same
 * @returns undefined when the model wrote what Bedrock could not read
 */
export const readEnding = (
  told: z.infer<typeof ending>,
  hasToolCalls: boolean,
): Ending | undefined => {
  const reason = told.stopReason ?? 'end_turn'
  if (reason.startsWith('malformed_')) return undefined
  const stopSequence = told.additionalModelResponseFields?.stop_sequence
  return {
    finish: FINISHES.get(reason) ?? (hasToolCalls ? 'toolCalls' : 'stop'),
    ...(reason === 'stop_sequence' && stopSequence && { stopSequence }),
  }
}
