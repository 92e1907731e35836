import type { AssistantPart, Message, ToolResult } from '../../chat/request.ts'
import { RequestFault, toMissingFault } from '../../chat/request-fault.ts'
import { decodeImagePart, decodeUserPart } from './decode-media.ts'
import type { CallerAssistantMessage, CallerMessage } from './message-schema.ts'
import { decodeReasoning } from './reasoning-details.ts'

type CallerResult = Extract<CallerMessage, { role: 'tool' | 'function' }>

/** The calls of tools so far. */
interface Calls {
  readonly ids: Set<string>
  /** In the older form a call has no id: of each function, that of its last call. */
  readonly functions: Map<string, string>
}

const toWords = ({ content, refusal }: CallerAssistantMessage): AssistantPart[] => {
  const words = (content ?? []).map(
    (part): AssistantPart =>
      part.type === 'text'
        ? { type: 'text', text: part.text }
        : { type: 'refusal', text: part.refusal },
  )
  if (refusal) words.push({ type: 'refusal', text: refusal })
  return words
}

const toCalls = (message: CallerAssistantMessage, at: number, calls: Calls): AssistantPart[] => {
  const parts = (message.tool_calls ?? []).map(({ id, function: { name, arguments: json } }) => {
    calls.ids.add(id)
    return { type: 'toolCall' as const, id, name, arguments: json }
  })
  if (!message.function_call) return parts
  const { name, arguments: json } = message.function_call
  const id = `function_call_${at}`
  calls.functions.set(name, id)
  return [...parts, { type: 'toolCall', id, name, arguments: json }]
}

const toAssistantParts = (
  message: CallerAssistantMessage,
  at: number,
  calls: Calls,
): AssistantPart[] => {
  if (message.audio) {
    const param = `messages[${at}].audio`
    throw new RequestFault(param, 'The provider of this model has no audio of earlier answers.')
  }
  const words = toWords(message)
  const others = [...decodeReasoning(message), ...toCalls(message, at, calls)]
  if (words.length + others.length === 0) {
    throw toMissingFault(`messages[${at}].content`)
  }
  // Beside a call many write an empty string for no text.
  const said = others.length > 0 ? words.filter((part) => 'text' in part && part.text) : words
  const reasoning = others.filter(({ type }) => type === 'reasoning')
  return [...reasoning, ...said, ...others.slice(reasoning.length)]
}

const findCallId = (message: CallerResult, at: number, calls: Calls): string => {
  const isTool = message.role === 'tool'
  const id = isTool ? message.tool_call_id : calls.functions.get(message.name)
  if (id !== undefined && (!isTool || calls.ids.has(id))) return id
  const param = `messages[${at}].${isTool ? 'tool_call_id' : 'name'}`
  throw new RequestFault(param, `'${param}' must be that of a call in a message before it.`)
}

const toResult = (message: CallerResult, at: number, calls: Calls): ToolResult => ({
  callId: findCallId(message, at, calls),
  parts: (message.content ?? []).map((part, i) =>
    decodeImagePart(part, `messages[${at}].content[${i}]`),
  ),
})

const decodeMessage = (message: CallerMessage, at: number, calls: Calls): Message => {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', parts: message.content.map(({ text }) => ({ type: 'text', text })) }
    case 'user': {
      const param = `messages[${at}].content`
      const parts = message.content.map((part, i) => decodeUserPart(part, `${param}[${i}]`))
      return { role: 'user', parts }
    }
    case 'assistant':
      return { role: 'assistant', parts: toAssistantParts(message, at, calls) }
    case 'tool':
    case 'function':
      return { role: 'tool', results: [toResult(message, at, calls)] }
  }
}

/** Reads the messages of a caller; results of tools in a row become one message. */
export const decodeMessages = (messages: readonly CallerMessage[]): Message[] => {
  const calls: Calls = { ids: new Set(), functions: new Map() }
  const decoded: Message[] = []
  let results: ToolResult[] = []
  for (const [at, message] of messages.entries()) {
    const next = decodeMessage(message, at, calls)
    if (next.role !== 'tool') {
      decoded.push(next)
      results = []
      continue
    }
    if (results.length === 0) decoded.push({ role: 'tool', results })
    results.push(...next.results)
  }
  return decoded
}
