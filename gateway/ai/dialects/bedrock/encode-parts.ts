import { z } from 'zod'
import type {
  AssistantPart,
  FilePart,
  ReasoningPart,
  ToolCallPart,
  ToolResult,
  UserPart,
} from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { type ContentBlock, encodeAudio, encodeImage } from './media.ts'
import { toToolUseId } from './tool-use-id.ts'

const toolInput = z.record(z.string(), z.unknown())

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const encodeToolCall = ({ id, name, arguments: json }: ToolCallPart): ContentBlock => {
  const input = json.trim() === '' ? {} : parse(json)
  if (!toolInput.safeParse(input).success) {
    throw new RequestFault(
      'messages',
      `The arguments of the tool call '${id}' are not a JSON object.`,
    )
  }
  return { toolUse: { toolUseId: toToolUseId(id), name, input } }
}

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

/** What a tool gave back: text stays text, for JSON read and written again may be another. */
export const encodeToolResult = ({ callId, parts, isError }: ToolResult): ContentBlock => ({
  toolResult: {
    toolUseId: toToolUseId(callId),
    content: parts.map((part) => (part.type === 'text' ? { text: part.text } : encodeImage(part))),
    // Only some models take a status.
    ...(isError && { status: 'error' }),
  },
})
