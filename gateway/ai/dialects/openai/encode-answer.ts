import type { ChatAnswer } from '../../chat/answer.ts'
import { toPresent } from '../../chat/present.ts'
import type { AssistantPart } from '../../chat/request.ts'
import type { AnswerMeta } from '../../dialect.ts'
import { FINISH_REASONS } from './finish.ts'
import { encodeReasoningDetail, isSigned } from './reasoning-details.ts'
import { encodeUsage } from './usage.ts'

/** The id of an answer: the provider's, or one of the gateway's. */
export const toAnswerId = (id: string | undefined, { requestId }: AnswerMeta): string =>
  id ?? `chatcmpl-${requestId}`

const joinTexts = (parts: readonly AssistantPart[], wanted: AssistantPart['type']): string =>
  parts.map((part) => (part.type === wanted && 'text' in part ? part.text : '')).join('')

const toToolCalls = (parts: readonly AssistantPart[]): object[] =>
  parts
    .filter((part) => part.type === 'toolCall')
    .map(({ id, name, arguments: json }) => ({
      id,
      type: 'function',
      function: { name, arguments: json === '' ? '{}' : json },
    }))

const toReasoningFields = (parts: readonly AssistantPart[]): object => {
  const thoughts = parts.filter((part) => part.type === 'reasoning')
  return toPresent({
    reasoning_content: joinTexts(parts, 'reasoning') || null,
    reasoning_details: thoughts.some(isSigned) ? thoughts.map(encodeReasoningDetail) : null,
  })
}

const toMessage = (parts: readonly AssistantPart[]): object => {
  const calls = toToolCalls(parts)
  const text = joinTexts(parts, 'text')
  const refusal = joinTexts(parts, 'refusal')
  const hasOther = calls.length > 0 || refusal !== ''
  return {
    role: 'assistant',
    content: text === '' && hasOther ? null : text,
    refusal: refusal === '' ? null : refusal,
    ...toReasoningFields(parts),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

/** Writes an answer: https://platform.openai.com/docs/api-reference/chat/object */
export const encodeAnswer = (answer: ChatAnswer, meta: AnswerMeta): object => ({
  id: toAnswerId(answer.id, meta),
  object: 'chat.completion',
  created: meta.createdAt,
  model: answer.model ?? meta.model,
  choices: [
    {
      index: 0,
      message: toMessage(answer.parts),
      logprobs: null,
      finish_reason: FINISH_REASONS[answer.finish],
    },
  ],
  ...toPresent({ usage: answer.usage && encodeUsage(answer.usage) }),
})
