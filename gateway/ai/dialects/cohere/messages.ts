import type { AssistantPart, Message, ToolCallPart } from '../../chat/request.ts'
import { type Content, encodeResultContent, encodeText, encodeUserContent } from './content.ts'

const encodeCall = (call: ToolCallPart): object => ({
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: call.arguments === '' ? '{}' : call.arguments },
})

const isCall = (part: AssistantPart): part is ToolCallPart => part.type === 'toolCall'

/** Without empty parts, and without what another provider alone can read: that has no text. */
const listSpoken = (parts: readonly AssistantPart[]) =>
  parts.flatMap((part) =>
    part.type === 'toolCall' || part.text === ''
      ? []
      : [{ text: part.text, isThought: part.type === 'reasoning' }],
  )

const encodeSpoken = (parts: readonly AssistantPart[]): Content => {
  const spoken = listSpoken(parts)
  if (!spoken.some(({ isThought }) => isThought)) return encodeText(spoken)
  return spoken.map(({ text, isThought }) =>
    isThought ? { type: 'thinking', thinking: text } : { type: 'text', text },
  )
}

/** Beside calls of tools, all that the model said is what it plans to do with them. */
const encodeAssistant = (parts: readonly AssistantPart[]): object[] => {
  const calls = parts.filter(isCall)
  if (calls.length > 0) {
    const plan = listSpoken(parts).map(({ text }) => text)
    return [
      {
        role: 'assistant',
        tool_plan: plan.length > 0 ? plan.join('\n') : undefined,
        tool_calls: calls.map(encodeCall),
      },
    ]
  }
  const content = encodeSpoken(parts)
  return content.length > 0 ? [{ role: 'assistant', content }] : []
}

const encodeMessage = (message: Exclude<Message, { role: 'system' }>): object[] => {
  if (message.role === 'assistant') return encodeAssistant(message.parts)
  if (message.role === 'user') {
    const content = encodeUserContent(message.parts)
    return content.length > 0 ? [{ role: 'user', content }] : []
  }
  return message.results.map(({ callId, parts }) => ({
    role: 'tool',
    tool_call_id: callId,
    content: encodeResultContent(parts),
  }))
}

/**
 * Writes a conversation: https://docs.cohere.com/reference/chat. Instructions must be its first
 * message, wherever they stood: https://docs.cohere.com/reference/errors
 */
export const encodeMessages = (messages: readonly Message[]): object[] => {
  const instructions = encodeText(
    messages.flatMap((message) => (message.role === 'system' ? message.parts : [])),
  )
  return [
    ...(instructions.length > 0 ? [{ role: 'system', content: instructions }] : []),
    ...messages.flatMap((message) => (message.role === 'system' ? [] : encodeMessage(message))),
  ]
}
