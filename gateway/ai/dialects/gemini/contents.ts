import type { Message, ToolResult, UserPart } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { encodeAssistantParts } from './assistant-parts.ts'
import { encodeAudio, encodeMedia } from './media.ts'

const encodeUserPart = (part: UserPart): object | undefined => {
  if (part.type === 'text') return part.text === '' ? undefined : { text: part.text }
  return part.type === 'audio' ? encodeAudio(part) : encodeMedia(part.source)
}

/** https://ai.google.dev/api/caching#FunctionResponse */
const encodeResult = ({ callId, parts, isError }: ToolResult, name: string): object => {
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  const media = parts.flatMap((part) => (part.type === 'image' ? [encodeMedia(part.source)] : []))
  return {
    functionResponse: {
      id: callId,
      name,
      response: isError ? { error: text } : { output: text },
      parts: media.length > 0 ? media : undefined,
    },
  }
}

const encodeResults = (
  results: readonly ToolResult[],
  names: ReadonlyMap<string, string>,
): object[] =>
  results.map((result) => {
    const name = names.get(result.callId)
    if (name !== undefined) return encodeResult(result, name)
    const id = JSON.stringify(result.callId)
    throw new RequestFault('messages', `No tool call before its result has the id ${id}.`)
  })

/** Writes the parts of messages, and keeps the names of the tools that they call. */
const createPartsEncoder = (mustSign: boolean) => {
  const names = new Map<string, string>()
  return (message: Exclude<Message, { role: 'system' }>): readonly object[] => {
    if (message.role === 'user') return message.parts.flatMap((part) => encodeUserPart(part) ?? [])
    if (message.role === 'tool') return encodeResults(message.results, names)
    for (const part of message.parts) if (part.type === 'toolCall') names.set(part.id, part.name)
    return encodeAssistantParts(message.parts, mustSign)
  }
}

interface Content {
  readonly role: 'user' | 'model'
  readonly parts: object[]
}

const toContents = (messages: readonly Message[], mustSign: boolean): readonly Content[] => {
  const encodeParts = createPartsEncoder(mustSign)
  const contents: Content[] = []
  let lastRole: Message['role'] | undefined
  for (const message of messages) {
    const parts = message.role === 'system' ? [] : encodeParts(message)
    if (parts.length === 0) continue
    if (lastRole !== message.role) {
      contents.push({ role: message.role === 'assistant' ? 'model' : 'user', parts: [] })
    }
    for (const part of parts) contents.at(-1)?.parts.push(part)
    lastRole = message.role
  }
  return contents
}

/**
 * Writes a conversation, but for the instructions. Neighbours of one role become one, for the
 * results of calls side by side must; results stay apart from the user's words, which begin a turn.
 */
export const encodeContents = (
  messages: readonly Message[],
  mustSign: boolean,
): readonly Content[] => {
  const contents = toContents(messages, mustSign)
  if (contents.length > 0) return contents
  throw new RequestFault('messages', 'This provider needs a message that is no instruction.')
}

/** The instructions of a conversation, which have no place within it. */
export const encodeInstructions = (messages: readonly Message[]) => {
  const parts = messages.flatMap((message) =>
    message.role === 'system' ? message.parts.filter(({ text }) => text !== '') : [],
  )
  return parts.length === 0 ? undefined : { parts: parts.map(({ text }) => ({ text })) }
}
