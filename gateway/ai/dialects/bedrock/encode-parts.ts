import type {
  AssistantPart,
  FilePart,
  ReasoningPart,
  ToolCallPart,
  ToolResult,
  UserPart,
} from '../../chat/request.ts'
import { toArguments } from '../../chat/tool-arguments.ts'
import { toToolUseId } from '../claude/tool-use-id.ts'
import { type ContentBlock, encodeAudio, encodeImage } from './media.ts'

/** Where Bedrock demands words, and there are none. */
export const NO_WORDS: ContentBlock = { text: '(no text)' }

const encodeToolCall = (call: ToolCallPart): ContentBlock => ({
  toolUse: { toolUseId: toToolUseId(call.id), name: call.name, input: toArguments(call) },
})

/** Thoughts come back only as their model signed them; of others, no model wants to know. */
const encodeReasoning = ({ text, signature, redacted }: ReasoningPart): readonly ContentBlock[] => {
  if (redacted !== undefined) return [{ reasoningContent: { redactedContent: redacted } }]
  if (signature === undefined) return []
  return [{ reasoningContent: { reasoningText: { text, signature } } }]
}

/** Bedrock refuses a request with text that is blank. */
const encodeText = (text: string): readonly ContentBlock[] => (text.trim() === '' ? [] : [{ text }])

/** What the user said. */
export const encodeUserPart = (
  part: UserPart,
  encodeDocument: (part: FilePart) => ContentBlock,
): readonly ContentBlock[] => {
  switch (part.type) {
    case 'text':
      return encodeText(part.text)
    case 'image':
      return [encodeImage(part)]
    case 'file':
      return [encodeDocument(part)]
    case 'audio':
      return [encodeAudio(part)]
  }
}

/** What the model said. */
export const encodeAssistantPart = (part: AssistantPart): readonly ContentBlock[] => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return encodeText(part.text)
    case 'reasoning':
      return encodeReasoning(part)
    case 'toolCall':
      return [encodeToolCall(part)]
  }
}

const isBlank = (part: ToolResult['parts'][number]): boolean =>
  part.type === 'text' && part.text.trim() === ''

const encodeResultPart = (part: ToolResult['parts'][number]): ContentBlock =>
  part.type === 'text' ? { text: part.text } : encodeImage(part)

/** What a tool gave back, which of an error must be something: text stays text, for JSON read and written again may be another. */
export const encodeToolResult = ({ callId, parts, isError }: ToolResult): ContentBlock => ({
  toolResult: {
    toolUseId: toToolUseId(callId),
    content: isError && parts.every(isBlank) ? [NO_WORDS] : parts.map(encodeResultPart),
    // Only some models take a status.
    ...(isError && { status: 'error' }),
  },
})
