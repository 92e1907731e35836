import { z } from 'zod'

const text = z.object({ type: z.literal('text'), text: z.string() })
const refusal = z.object({ type: z.literal('refusal'), refusal: z.string() })
const image = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.string().nullish() }),
})
const audio = z.object({
  type: z.literal('input_audio'),
  input_audio: z.object({ data: z.string(), format: z.string() }),
})
const file = z.object({
  type: z.literal('file'),
  file: z.object({
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
    filename: z.string().nullish(),
  }),
})

/** A string is short for one part of text. */
const parts = <Part extends z.ZodType>(part: Part) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? [{ type: 'text', text: value }] : value),
    z.array(part, 'a string or a list of parts'),
  )

const systemContent = parts(z.discriminatedUnion('type', [text]))
const userContent = parts(z.discriminatedUnion('type', [text, image, audio, file]))
const assistantContent = parts(z.discriminatedUnion('type', [text, refusal]))
const toolContent = parts(z.discriminatedUnion('type', [text, image]))

const called = z.object({ name: z.string().min(1), arguments: z.string() })

/** https://openrouter.ai/docs/guides/best-practices/reasoning-tokens */
const reasoningDetail = z.object({
  type: z.string(),
  text: z.string().nullish(),
  signature: z.string().nullish(),
  data: z.string().nullish(),
})

const assistant = z.object({
  role: z.literal('assistant'),
  content: assistantContent.nullish(),
  refusal: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_details: z.array(reasoningDetail).nullish(),
  tool_calls: z
    .array(z.object({ id: z.string().min(1), type: z.literal('function'), function: called }))
    .nullish(),
  function_call: called.nullish(),
  audio: z.unknown().optional(),
})

/** A message of a caller: https://platform.openai.com/docs/api-reference/chat/create */
export const messageSchema = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: systemContent }),
  z.object({ role: z.literal('developer'), content: systemContent }),
  z.object({ role: z.literal('user'), content: userContent }),
  assistant,
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: toolContent }),
  /** The older form of `tool`. */
  z.object({ role: z.literal('function'), name: z.string(), content: toolContent.nullish() }),
])

/** A message as the schema reads it. */
export type CallerMessage = z.infer<typeof messageSchema>
/** A message of the model. */
export type CallerAssistantMessage = z.infer<typeof assistant>
/** A part of a user's message, or of what a tool gave back. */
export type CallerPart = z.infer<typeof userContent>[number]
