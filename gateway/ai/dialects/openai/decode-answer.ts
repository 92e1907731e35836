import type { ChatAnswer } from '../../chat/answer.ts'
import { createCallId } from '../../chat/call-id.ts'
import { readListedErrorMessage } from '../../chat/error-message.ts'
import { toPresent } from '../../chat/present.ts'
import type { AssistantPart, ToolCallPart } from '../../chat/request.ts'
import {
  answerSchema,
  readArguments,
  readWords,
  type Said,
  type SaidToolCall,
} from './answer-schema.ts'
import { readFinish } from './finish.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

const toToolCalls = (
  calls: readonly SaidToolCall[],
  answerId: string | null | undefined,
): ToolCallPart[] =>
  calls.flatMap(({ id, function: told }, index) =>
    told?.name
      ? [
          {
            type: 'toolCall',
            id: id || createCallId(answerId ?? '', index),
            name: told.name,
            arguments: readArguments(told.arguments) || '{}',
          },
        ]
      : [],
  )

const toWordParts = (said: Said): AssistantPart[] => {
  const { reasoning, text, refusal } = readWords(said)
  const parts: AssistantPart[] = [
    { type: 'reasoning', text: reasoning },
    { type: 'text', text },
    { type: 'refusal', text: refusal },
  ]
  return parts.filter((part) => part.type === 'toolCall' || part.text !== '')
}

/** Reads an answer: https://platform.openai.com/docs/api-reference/chat/object */
export const decodeAnswer = (json: unknown): ChatAnswer => {
  if (isFailure(json)) throw new Error(readListedErrorMessage(json) ?? 'the provider failed')
  const { id, model, choices } = answerSchema.parse(json)
  const choice = choices?.find(({ index }) => (index ?? 0) === 0)
  if (!choice?.message) throw new Error('an answer has no message')
  const words = toWordParts(choice.message)
  const calls = toToolCalls(choice.message.tool_calls ?? [], id)
  const finish = readFinish(choice.finish_reason || undefined, {
    hasToolCalls: calls.length > 0,
    hasRefusal: words.some(({ type }) => type === 'refusal'),
  })
  if (finish === undefined) throw new Error('an answer is not complete')
  return {
    ...toPresent({ id: id || null, model: model || null }),
    parts: [...words, ...calls],
    finish,
    ...toPresent({
      stopSequence: finish === 'stop' ? choice.stop_reason || null : null,
      usage: readUsage(json),
    }),
  }
}
