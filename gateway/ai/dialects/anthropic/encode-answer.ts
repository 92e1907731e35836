import type { ChatAnswer, Finish } from '../../chat/answer.ts'
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

/** Arguments that are none cannot be told in this dialect. @throws Error when they were not cut */
const encodeCall = (call: ToolCallPart, finish: Finish): object[] => {
  const input = readArguments(call.arguments)
  if (input) return [encodeToolUse(call, input)]
  if (finish === 'length') return []
  throw new Error(`the arguments of the tool call '${call.id}' are no JSON object`)
}

/** A block without words is left out: when it comes back, Anthropic would refuse it. */
const encodePart = (part: AssistantPart, finish: Finish): object[] => {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'toolCall':
      return encodeCall(part, finish)
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
  content: answer.parts.flatMap((part) => encodePart(part, answer.finish)),
  ...encodeFinish(answer.finish, answer.stopSequence),
  usage: encodeUsage(answer.usage),
})
