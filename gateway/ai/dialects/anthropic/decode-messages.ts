import type {
  AssistantPart,
  FilePart,
  ImagePart,
  Message,
  TextPart,
  ToolResult,
  UserPart,
} from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type {
  AssistantBlock,
  DocumentBlock,
  ImageBlock,
  MessagesRequest,
  ResultBlock,
  TextBlock,
  UserBlock,
} from './request-schema.ts'

const toText = ({ text }: TextBlock): TextPart => ({ type: 'text', text })

const toImage = ({ source }: ImageBlock): ImagePart => {
  if (source.type === 'url') return { type: 'image', source: { type: 'url', url: source.url } }
  const { media_type: mediaType, data } = source
  return { type: 'image', source: { type: 'base64', mediaType, data } }
}

const toTextOrImage = (block: TextBlock | ImageBlock): TextPart | ImagePart =>
  block.type === 'text' ? toText(block) : toImage(block)

const toFileSource = (source: Exclude<DocumentBlock['source'], { type: 'content' }>) => {
  switch (source.type) {
    case 'url':
      return { type: 'url', url: source.url } as const
    case 'base64':
      return { type: 'base64', mediaType: source.media_type, data: source.data } as const
    case 'text': {
      const data = Buffer.from(source.data).toString('base64')
      return { type: 'base64', mediaType: 'text/plain', data } as const
    }
  }
}

const toDocument = ({ source, title }: DocumentBlock): (FilePart | TextPart | ImagePart)[] => {
  if (source.type === 'content') return source.content.map(toTextOrImage)
  return [{ type: 'file', source: toFileSource(source), ...(title && { name: title }) }]
}

const toUserParts = (block: Exclude<UserBlock, ResultBlock>): UserPart[] =>
  block.type === 'document' ? toDocument(block) : [toTextOrImage(block)]

const toResult = ({ tool_use_id: callId, content, is_error: isError }: ResultBlock): ToolResult => {
  const parts = (content ?? []).flatMap((block) => {
    if (block.type !== 'document') return [toTextOrImage(block)]
    const { source } = block
    if (source.type === 'content') return source.content.map(toTextOrImage)
    return [{ type: 'text' as const, text: source.data }]
  })
  return { callId, parts, ...(isError && { isError }) }
}

const toAssistantPart = (block: AssistantBlock): AssistantPart => {
  switch (block.type) {
    case 'text':
      return toText(block)
    case 'thinking': {
      const { thinking: text, signature } = block
      return { type: 'reasoning', text, ...(signature && { signature }) }
    }
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', redacted: block.data }
    case 'tool_use': {
      const { id, name, input } = block
      return { type: 'toolCall', id, name, arguments: JSON.stringify(input) }
    }
  }
}

/** Results of tools are a message of their own; they stand before what the user says. */
const toUserMessages = (blocks: readonly UserBlock[]): Message[] => {
  const results: ToolResult[] = []
  const parts: UserPart[] = []
  for (const block of blocks) {
    if (block.type === 'tool_result') results.push(toResult(block))
    else for (const part of toUserParts(block)) parts.push(part)
  }
  return [
    ...(results.length > 0 ? [{ role: 'tool', results } as const] : []),
    ...(parts.length > 0 ? [{ role: 'user', parts } as const] : []),
  ]
}

/** @throws RequestFault for the result of a tool that nobody called */
const assertCalled = (messages: MessagesRequest['messages']): void => {
  const called = new Set<string>()
  for (const [i, { content }] of messages.entries()) {
    for (const [j, block] of content.entries()) {
      if (block.type === 'tool_use') called.add(block.id)
      if (block.type !== 'tool_result' || called.has(block.tool_use_id)) continue
      const param = `messages[${i}].content[${j}].tool_use_id`
      throw new RequestFault(param, `'${param}' must be the id of a tool call before it.`)
    }
  }
}

const toMessages = (message: MessagesRequest['messages'][number]): Message[] => {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', parts: message.content.map(toText) }]
    case 'assistant':
      return [{ role: 'assistant', parts: message.content.map(toAssistantPart) }]
    case 'user':
      return toUserMessages(message.content)
  }
}

/** Instructions and conversation, in order. */
export const decodeMessages = ({ system, messages }: MessagesRequest): Message[] => {
  assertCalled(messages)
  const parts = (system ?? []).map(toText)
  const first: Message[] = parts.length > 0 ? [{ role: 'system', parts }] : []
  return [...first, ...messages.flatMap(toMessages)]
}
