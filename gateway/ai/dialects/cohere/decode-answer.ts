import { z } from 'zod'
import type { ChatAnswer } from '../../chat/answer.ts'
import type { AssistantPart } from '../../chat/request.ts'
import { readOutcome } from './finish.ts'
import { readUsage } from './usage.ts'

const item = z.object({ text: z.string().nullish(), thinking: z.string().nullish() })

const call = z.object({
  id: z.string(),
  function: z.object({ name: z.string(), arguments: z.string().nullish() }),
})

const message = z.object({
  content: z.array(item).nullish(),
  tool_plan: z.string().nullish(),
  tool_calls: z.array(call).nullish(),
})

const response = z.object({
  id: z.string().nullish(),
  message,
  finish_reason: z.string().nullish(),
  usage: z.unknown().optional(),
})

/** Of other types there is none that the model says. */
const decodeItem = ({ text, thinking }: z.infer<typeof item>): AssistantPart[] => [
  ...(thinking ? [{ type: 'reasoning', text: thinking } as const] : []),
  ...(text ? [{ type: 'text', text } as const] : []),
]

const decodeCall = (toolCall: z.infer<typeof call>): AssistantPart => {
  const json = toolCall.function.arguments
  return {
    type: 'toolCall',
    id: toolCall.id,
    name: toolCall.function.name,
    // Of a tool without any, the arguments may be nothing at all.
    arguments: !json || json === 'null' ? '{}' : json,
  }
}

const decodeMessage = (said: z.infer<typeof message>): AssistantPart[] => [
  ...(said.content ?? []).flatMap(decodeItem),
  ...(said.tool_plan ? [{ type: 'reasoning', text: said.tool_plan } as const] : []),
  ...(said.tool_calls ?? []).map(decodeCall),
]

/** Reads an answer that comes as a whole. @throws Error when it is none */
export const decodeAnswer = (json: unknown): ChatAnswer => {
  const answer = response.parse(json)
  const hasCalls = (answer.message.tool_calls ?? []).length > 0
  const outcome = readOutcome(answer.finish_reason, hasCalls)
  if (outcome.type === 'error') throw new Error(outcome.message)
  const usage = readUsage(answer.usage)
  return {
    ...(answer.id && { id: answer.id }),
    parts: decodeMessage(answer.message),
    finish: outcome.finish,
    ...(usage && { usage }),
  }
}
