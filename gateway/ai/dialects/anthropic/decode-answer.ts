import { z } from 'zod'
import type { ChatAnswer } from '../../chat/answer.ts'
import { readErrorMessage } from '../../chat/error-message.ts'
import type { AssistantPart } from '../../chat/request.ts'
import { toFinish } from './finish.ts'
import { isFailure } from './provider-error.ts'
import { readCounts, toUsage } from './usage.ts'

const text = z.string().nullish()

/** Why and how an answer ends, whole or streamed. */
export const ending = z.object({
  stop_reason: text,
  stop_sequence: text,
  stop_details: z.object({ explanation: text }).nullish().catch(null),
})

const answerSchema = z.object({
  ...ending.shape,
  id: text,
  model: text,
  content: z.array(z.looseObject({ type: z.string() })),
  usage: z.unknown().optional(),
})

const textBlock = z.object({ text: z.string() })
const thinkingBlock = z.object({ thinking: text, signature: text })
const redactedBlock = z.object({ data: z.string() })
const toolBlock = z.object({ id: z.string(), name: z.string(), input: z.unknown().optional() })

const toReasoning = (block: unknown): AssistantPart[] => {
  const { thinking, signature } = thinkingBlock.parse(block)
  if (!(thinking || signature)) return []
  return [{ type: 'reasoning', text: thinking ?? '', ...(signature && { signature }) }]
}

const toToolCall = (block: unknown): AssistantPart => {
  const { id, name, input } = toolBlock.parse(block)
  return { type: 'toolCall', id, name, arguments: JSON.stringify(input ?? {}) }
}

/** Empty for a block that nobody here knows. */
const toParts = (block: { readonly type: string }): AssistantPart[] => {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: textBlock.parse(block).text }]
    case 'thinking':
      return toReasoning(block)
    case 'redacted_thinking':
      return [{ type: 'reasoning', text: '', redacted: redactedBlock.parse(block).data }]
    case 'tool_use':
      return [toToolCall(block)]
    default:
      return []
  }
}

/** Why the provider does not answer, if it says so beside what the model said. */
export const findRefusal = ({ stop_details: details }: z.infer<typeof ending>) =>
  details?.explanation ? [{ type: 'refusal' as const, text: details.explanation }] : []

/** @throws Error when it is no answer */
export const decodeAnswer = (json: unknown): ChatAnswer => {
  if (isFailure(z.looseObject({}).parse(json))) {
    throw new Error(readErrorMessage(json) ?? 'the answer is an error')
  }
  const answer = answerSchema.parse(json)
  const { id, model, content, stop_reason: reason, stop_sequence: stopSequence } = answer
  const usage = toUsage(readCounts(answer.usage))
  return {
    ...(id && { id }),
    ...(model && { model }),
    parts: [...content.flatMap(toParts), ...findRefusal(answer)],
    finish: toFinish(reason ?? 'end_turn'),
    ...(typeof stopSequence === 'string' && { stopSequence }),
    ...(usage && { usage }),
  }
}
