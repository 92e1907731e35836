import type { ReasoningPart, RefusalPart, TextPart } from '../../chat/request.ts'

/** How far an item is. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/** What the items of an answer are called, before their number. */
export type ItemPrefix = 'msg' | 'rs' | 'fc'

/** An id that is the same whenever the answer is encoded. */
export const toItemId = (prefix: ItemPrefix, requestId: string, index: number): string =>
  `${prefix}_${requestId}_${index}`

/** Text or a refusal, as a part of a message. */
export const toContent = ({ type, text }: TextPart | RefusalPart): object =>
  type === 'text' ? { type: 'output_text', text, annotations: [] } : { type, refusal: text }

/** What the model says. */
export const toMessageItem = (
  id: string,
  status: ItemStatus,
  content: readonly object[],
): object => ({ type: 'message', id, status, role: 'assistant', content })

/** Of no arguments, callers could make no object; but what was cut is not to be called. */
export const toArguments = (json: string, status: ItemStatus): string =>
  json === '' && status === 'completed' ? '{}' : json

/** A call of a tool. */
export const toCallItem = (
  id: string,
  status: ItemStatus,
  call: { readonly id: string; readonly name: string; readonly arguments: string },
): object => ({
  type: 'function_call',
  id,
  status,
  call_id: call.id,
  name: call.name,
  arguments: toArguments(call.arguments, status),
})

/**
 * What the model thought. A thought with a text always has a summary, be it an empty one, so that
 * `decodeReasoning` knows a signature from a thought that only its provider can read.
 */
export const toReasoningItem = (id: string, part: Omit<ReasoningPart, 'type'>): object => {
  const encrypted = part.redacted ?? part.signature
  const isReadable = part.redacted === undefined
  return {
    type: 'reasoning',
    id,
    summary: isReadable ? [{ type: 'summary_text', text: part.text }] : [],
    ...(encrypted !== undefined && { encrypted_content: encrypted }),
  }
}
