import { toPresent } from '../../chat/present.ts'
import type { ReasoningPart } from '../../chat/request.ts'
import type { CallerAssistantMessage } from './message-schema.ts'

/**
 * Chat completions has no words for signed thoughts; those of OpenRouter are the most common:
 * https://openrouter.ai/docs/guides/best-practices/reasoning-tokens
 */
export const encodeReasoningDetail = (
  { text, signature, redacted }: Omit<ReasoningPart, 'type'>,
  index: number,
): object => ({
  ...(redacted === undefined
    ? { type: 'reasoning.text', text, ...toPresent({ signature }) }
    : { type: 'reasoning.encrypted', data: redacted }),
  id: null,
  format: 'unknown',
  index,
})

/** Whether it says more than its text. */
export const isSigned = ({ signature, redacted }: ReasoningPart): boolean =>
  signature !== undefined || redacted !== undefined

type Detail = NonNullable<CallerAssistantMessage['reasoning_details']>[number]

const decodeDetail = ({ type, text, signature, data }: Detail): ReasoningPart[] => {
  if (type === 'reasoning.text' && (text || signature)) {
    return [{ type: 'reasoning', text: text ?? '', ...toPresent({ signature }) }]
  }
  if (type === 'reasoning.encrypted' && data) {
    return [{ type: 'reasoning', text: '', redacted: data }]
  }
  return []
}

/** Reads what a model thought in an earlier turn. */
export const decodeReasoning = (message: CallerAssistantMessage): ReasoningPart[] => {
  const details = (message.reasoning_details ?? []).flatMap(decodeDetail)
  if (details.length > 0) return details
  const text = message.reasoning_content || message.reasoning || ''
  return text === '' ? [] : [{ type: 'reasoning', text }]
}
