import { z } from 'zod'

/** What is not as it should be is not there: only an answer without a choice is none. */
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(undefined)
const text = optional(z.string())

/** Text, or parts of it as Mistral's models that think write them. */
const content = optional(
  z.union([
    z.string(),
    z.array(
      z.object({
        type: text,
        text,
        refusal: text,
        thinking: optional(z.union([z.string(), z.array(z.object({ text }))])),
      }),
    ),
  ]),
)

const toolCall = z.object({
  index: optional(z.int().min(0)),
  id: text,
  function: optional(
    z.object({
      name: text,
      arguments: optional(z.union([z.string(), z.record(z.string(), z.unknown())])),
    }),
  ),
})

const message = optional(
  z.object({
    content,
    refusal: text,
    /** https://api-docs.deepseek.com/guides/thinking_mode */
    reasoning_content: text,
    /** https://docs.vllm.ai/en/latest/features/reasoning_outputs/ */
    reasoning: text,
    tool_calls: optional(z.array(toolCall)),
  }),
)

const choice = z.object({
  index: optional(z.int()),
  message,
  delta: message,
  finish_reason: text,
  /** https://docs.vllm.ai: the stop string that ended the text, or the number of a token. */
  stop_reason: text,
})

/** An answer, or a piece of one: https://platform.openai.com/docs/api-reference/chat/object */
export const answerSchema = z.object({
  id: text,
  model: text,
  choices: optional(z.array(choice)),
})

type Choice = z.infer<typeof choice>
/** What a choice says: the whole of it, or a piece. */
export type Said = NonNullable<Choice['message']>
/** A call of a tool, or a piece of one. */
export type SaidToolCall = z.infer<typeof toolCall>
type Arguments = NonNullable<SaidToolCall['function']>['arguments']

/** What a message says in words; what is empty is not said. */
export interface Words {
  readonly reasoning: string
  readonly text: string
  readonly refusal: string
}

const readParts = (parts: Exclude<Said['content'], string | null | undefined>): Words => {
  const words = { reasoning: '', text: '', refusal: '' }
  for (const { text, refusal, thinking } of parts) {
    words.text += text ?? ''
    words.refusal += refusal ?? ''
    words.reasoning +=
      typeof thinking === 'string'
        ? thinking
        : (thinking ?? []).map((piece) => piece.text ?? '').join('')
  }
  return words
}

/** Reads the words of a message, wherever they stand in it. */
export const readWords = (said: Said): Words => {
  const { content, refusal } = said
  const words =
    typeof content === 'string'
      ? { reasoning: '', text: content, refusal: '' }
      : readParts(content ?? [])
  return {
    // Some servers write both, with the same words.
    reasoning: (said.reasoning_content || said.reasoning || '') + words.reasoning,
    text: words.text,
    refusal: (refusal ?? '') + words.refusal,
  }
}

/** The arguments as JSON; some servers write them as an object. */
export const readArguments = (told: Arguments): string =>
  typeof told === 'string' ? told : told ? JSON.stringify(told) : ''
