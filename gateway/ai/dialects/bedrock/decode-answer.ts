import { z } from 'zod'
import type { ChatAnswer } from '../../chat/answer.ts'
import type { AssistantPart } from '../../chat/request.ts'
import { ending, readEnding } from './finish.ts'
import { readUsage } from './usage.ts'

const text = z.string().nullish()

/** One of these; of kinds that nobody asked for, none. */
const block = z.looseObject({
  text,
  toolUse: z
    .looseObject({ toolUseId: z.string(), name: z.string(), input: z.unknown().optional() })
    .nullish(),
  reasoningContent: z
    .looseObject({
      reasoningText: z.looseObject({ text, signature: text }).nullish(),
      redactedContent: text,
    })
    .nullish(),
  citationsContent: z
    .looseObject({ content: z.array(z.looseObject({ text })).nullish() })
    .nullish(),
})

type Block = z.infer<typeof block>

const answer = ending.extend({
  output: z.looseObject({ message: z.looseObject({ content: z.array(block).nullish() }) }),
  usage: z.unknown().optional(),
})

const decodeReasoning = (
  reasoning: NonNullable<Block['reasoningContent']>,
): readonly AssistantPart[] => {
  const { reasoningText, redactedContent } = reasoning
  if (redactedContent) return [{ type: 'reasoning', text: '', redacted: redactedContent }]
  if (!reasoningText) return []
  const { text, signature } = reasoningText
  return [{ type: 'reasoning', text: text ?? '', ...(signature && { signature }) }]
}

const decodeBlock = (block: Block): readonly AssistantPart[] => {
  const { toolUse, reasoningContent, citationsContent } = block
  if (reasoningContent) return decodeReasoning(reasoningContent)
  if (toolUse) {
    const json = JSON.stringify(toolUse.input ?? {})
    return [{ type: 'toolCall', id: toolUse.toolUseId, name: toolUse.name, arguments: json }]
  }
  const cited = citationsContent?.content?.map(({ text }) => text ?? '').join('')
  const said = block.text ?? cited
  return said ? [{ type: 'text', text: said }] : []
}

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 *
 * @throws Error when it is no answer
 */
export const decodeAnswer = (json: unknown): ChatAnswer => {
  const told = answer.parse(json)
  const parts = (told.output.message.content ?? []).flatMap(decodeBlock)
  const end = readEnding(
    told,
    parts.some(({ type }) => type === 'toolCall'),
  )
  if (!end) throw new Error(`the answer ended with ${told.stopReason}`)
  const usage = readUsage(told.usage)
  return { parts, ...end, ...(usage && { usage }) }
}
