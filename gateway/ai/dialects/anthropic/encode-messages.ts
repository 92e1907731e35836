import type {
  AssistantPart,
  FilePart,
  ImagePart,
  MediaSource,
  Message,
  ToolResult,
  UserPart,
} from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { toArguments } from '../../chat/tool-arguments.ts'
import { toToolUseId } from '../claude/tool-use-id.ts'

/** A block of content. */
type Block = Readonly<Record<string, unknown>>

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: Block[]
}

const refuse = (message: string): RequestFault => new RequestFault('messages', message)

/** A block without words is refused by the provider, and says nothing. */
const encodeText = ({ text }: { readonly text: string }): Block[] =>
  text.trim() === '' ? [] : [{ type: 'text', text }]

/** https://platform.claude.com/docs/en/build-with-claude/vision */
const IMAGE_TYPES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

const encodeImageSource = (source: MediaSource): Block => {
  if (source.type === 'url') return { type: 'url', url: source.url }
  const mediaType = source.mediaType === 'image/jpg' ? 'image/jpeg' : source.mediaType
  if (!IMAGE_TYPES.has(mediaType)) {
    throw refuse(`The provider of this model takes no images of the type '${mediaType}'.`)
  }
  return { type: 'base64', media_type: mediaType, data: source.data }
}

const encodeImage = ({ source }: ImagePart): Block => ({
  type: 'image',
  source: encodeImageSource(source),
})

/** https://platform.claude.com/docs/en/build-with-claude/pdf-support */
const encodeFileSource = (source: MediaSource): Block => {
  if (source.type === 'url') return { type: 'url', url: source.url }
  const { mediaType, data } = source
  if (mediaType === 'application/pdf') return { type: 'base64', media_type: mediaType, data }
  if (mediaType.startsWith('text/') || mediaType === 'application/json') {
    const text = Buffer.from(data, 'base64').toString()
    return { type: 'text', media_type: 'text/plain', data: text }
  }
  throw refuse(`The provider of this model takes no files of the type '${mediaType}'.`)
}

const encodeFile = ({ source, name }: FilePart): Block => ({
  type: 'document',
  source: encodeFileSource(source),
  ...(name !== undefined && { title: name }),
})

const encodeUserPart = (part: UserPart): Block[] => {
  switch (part.type) {
    case 'text':
      return encodeText(part)
    case 'image':
      return [encodeImage(part)]
    case 'file':
      return [encodeFile(part)]
    case 'audio':
      throw refuse('The provider of this model takes no audio.')
  }
}

/** Thoughts without a signature are another model's, and refused. */
const encodeAssistantPart = (part: AssistantPart): Block[] => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return encodeText(part)
    case 'toolCall':
      return [
        { type: 'tool_use', id: toToolUseId(part.id), name: part.name, input: toArguments(part) },
      ]
    case 'reasoning':
      if (part.redacted) return [{ type: 'redacted_thinking', data: part.redacted }]
      if (!part.signature) return []
      return [{ type: 'thinking', thinking: part.text, signature: part.signature }]
  }
}

const encodeResult = ({ callId, parts, isError }: ToolResult): Block => {
  const content = parts.flatMap((part) =>
    part.type === 'text' ? encodeText(part) : [encodeImage(part)],
  )
  return {
    type: 'tool_result',
    tool_use_id: toToolUseId(callId),
    ...(content.length > 0 && { content }),
    ...(isError && { is_error: true }),
  }
}

const encodeMessage = (message: Message): Turn | undefined => {
  switch (message.role) {
    case 'system':
      return undefined
    case 'user':
      return { role: 'user', content: message.parts.flatMap(encodeUserPart) }
    case 'assistant':
      return { role: 'assistant', content: message.parts.flatMap(encodeAssistantPart) }
    case 'tool':
      return { role: 'user', content: message.results.map(encodeResult) }
  }
}

/** Messages in turns: those of one role that follow each other are one. */
export const encodeMessages = (messages: readonly Message[]): readonly Turn[] => {
  const turns: Turn[] = []
  for (const message of messages) {
    const turn = encodeMessage(message)
    if (!turn || turn.content.length === 0) continue
    const last = turns.at(-1)
    if (last?.role === turn.role) for (const block of turn.content) last.content.push(block)
    else turns.push(turn)
  }
  if (turns.length === 0) throw refuse('The provider of this model needs a message with content.')
  return turns
}

/**
 * Instructions stand before the conversation, wherever they were: only some models take them
 * within it, and only between a turn of the user and one of the model.
 * https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages
 */
export const encodeSystem = (messages: readonly Message[]): Block[] =>
  messages.flatMap((message) =>
    message.role === 'system' ? message.parts.flatMap(encodeText) : [],
  )
