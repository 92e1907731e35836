import { toMediaUrl } from '../../chat/media-url.ts'
import type { FilePart, Message, TextPart, ToolResult, UserPart } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

type AssistantMessage = Extract<Message, { role: 'assistant' }>

/** Between texts that were parts: one string is what every server of this API takes. */
const PARAGRAPH = '\n\n'

const toFile = ({ source, name }: FilePart): object => {
  if (source.type === 'url') {
    throw new RequestFault('messages', 'The provider of this model takes no files by URL.')
  }
  const filename = name ?? (source.mediaType === 'application/pdf' ? 'file.pdf' : 'file')
  return { type: 'file', file: { filename, file_data: toMediaUrl(source) } }
}

const toUserPart = (part: UserPart): object => {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image': {
      const { source, detail } = part
      return {
        type: 'image_url',
        image_url: { url: toMediaUrl(source), ...(detail && { detail }) },
      }
    }
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } }
    case 'file':
      return toFile(part)
  }
}

const joinTexts = (parts: readonly TextPart[]): string =>
  parts.map(({ text }) => text).join(PARAGRAPH)

const toUserContent = (parts: readonly UserPart[]): string | object[] => {
  const texts = parts.filter((part) => part.type === 'text')
  return texts.length === parts.length ? joinTexts(texts) : parts.map(toUserPart)
}

/** There is no field for what a model thought: many servers refuse a message that has one. */
const toAssistantMessage = ({ parts }: AssistantMessage): object => {
  const calls = parts.filter((part) => part.type === 'toolCall')
  // A refusal is what the assistant said: not every server knows the field of that name.
  const content = parts
    .map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
    .join('')
  if (calls.length === 0) return { role: 'assistant', content }
  return {
    role: 'assistant',
    content: content === '' ? null : content,
    tool_calls: calls.map(({ id, name, arguments: json }) => ({
      id,
      type: 'function',
      function: { name, arguments: json === '' ? '{}' : json },
    })),
  }
}

const toToolMessage = ({ callId, parts }: ToolResult): object => {
  const texts = parts.filter((part) => part.type === 'text')
  if (texts.length < parts.length) {
    throw new RequestFault(
      'messages',
      'The provider of this model takes no images in the result of a tool.',
    )
  }
  return { role: 'tool', tool_call_id: callId, content: joinTexts(texts) }
}

/** Writes a message: https://platform.openai.com/docs/api-reference/chat/create */
export const encodeMessage = (message: Message): object[] => {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: joinTexts(message.parts) }]
    case 'user':
      return [{ role: 'user', content: toUserContent(message.parts) }]
    case 'assistant':
      return [toAssistantMessage(message)]
    case 'tool':
      return message.results.map(toToolMessage)
  }
}
