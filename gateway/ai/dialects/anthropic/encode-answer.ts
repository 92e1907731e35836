import type { ChatAnswer } from '../../chat/answer.ts'
import type { AssistantPart, ToolCallPart } from '../../chat/request.ts'
import { readArguments } from '../../chat/tool-arguments.ts'
import type { AnswerMeta } from '../../dialect.ts'
import { encodeFinish } from './finish.ts'
import { encodeUsage } from './usage.ts'

/** A call of a tool; a stream begins it without its input. */
export const encodeToolUse = ({ id, name }: Pick<ToolCallPart, 'id' | 'name'>, input: unknown) => ({
  type: 'tool_use',
  id,
  name,
  input,
})

/** A block without words is left out: when it comes back, Anthropic would refuse it. */
const encodePart = (part: AssistantPart): object[] => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'toolCall':
      // Arguments that were cut, or are wrong, cannot be told in this dialect.
      return [encodeToolUse(part, readArguments(part.arguments) ?? {})]
    case 'reasoning':
      if (part.redacted) return [{ type: 'redacted_thinking', data: part.redacted }]
      return [{ type: 'thinking', thinking: part.text, signature: part.signature ?? '' }]
  }
}

/** What every message has, before its content is known. */
export const encodeHead = (id: string | undefined, { requestId, model }: AnswerMeta) => ({
  id: id ?? `msg_${requestId}`,
  type: 'message',
  role: 'assistant',
  model,
})

/** https://platform.claude.com/docs/en/api/messages/create */
export const encodeAnswer = (answer: ChatAnswer, meta: AnswerMeta): object => ({
  ...encodeHead(answer.id, meta),
  content: answer.parts.flatMap(encodePart),
  ...encodeFinish(answer.finish, answer.stopSequence),
  usage: encodeUsage(answer.usage),
})
