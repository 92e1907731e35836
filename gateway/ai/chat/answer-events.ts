import type { ChatAnswer, ChatEvent } from './answer.ts'
import type { AssistantPart } from './request.ts'

/** @param calls of tools before this part */
const toPartEvents = (part: AssistantPart, calls: number): ChatEvent[] => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ type: part.type, text: part.text }]
    case 'reasoning': {
      const { text, signature, redacted } = part
      if (redacted !== undefined) return [{ type: 'redactedReasoning', redacted }]
      const said: ChatEvent = { type: 'reasoning', text }
      return signature === undefined ? [said] : [said, { type: 'reasoningSignature', signature }]
    }
    case 'toolCall':
      return [
        { type: 'toolCall', index: calls, id: part.id, name: part.name },
        { type: 'toolArguments', index: calls, json: part.arguments },
      ]
  }
}

/** An answer as the stream that makes it: whole parts, in order. */
export const toEvents = ({
  id,
  model,
  parts,
  finish,
  stopSequence,
  usage,
}: ChatAnswer): ChatEvent[] => {
  let calls = 0
  const said = parts.flatMap((part) => {
    const events = toPartEvents(part, calls)
    if (part.type === 'toolCall') calls += 1
    return events
  })
  return [
    { type: 'start', ...(id !== undefined && { id }), ...(model !== undefined && { model }) },
    ...said,
    { type: 'finish', finish, ...(stopSequence !== undefined && { stopSequence }) },
    ...(usage ? [{ type: 'usage' as const, usage }] : []),
    { type: 'end' },
  ]
}
