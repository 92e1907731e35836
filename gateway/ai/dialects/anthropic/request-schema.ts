import { z } from 'zod'

const text = z.looseObject({ type: z.literal('text'), text: z.string() })
const base64 = z.looseObject({
  type: z.literal('base64'),
  media_type: z.string().min(1),
  data: z.string(),
})
const url = z.looseObject({ type: z.literal('url'), url: z.string().min(1) })
const plain = z.looseObject({ type: z.literal('text'), data: z.string() })

const image = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [base64, url]),
})

/** A string is short for a block of text. */
const toBlocks = (value: unknown): unknown =>
  typeof value === 'string' ? [{ type: 'text', text: value }] : value

const textBlocks = z.preprocess(toBlocks, z.array(text))
const inner = z.preprocess(toBlocks, z.array(z.discriminatedUnion('type', [text, image])))
const content = z.looseObject({ type: z.literal('content'), content: inner })

const document = z.looseObject({
  type: z.literal('document'),
  title: z.string().nullish(),
  source: z.discriminatedUnion('type', [base64, url, plain, content]),
})

/** What a tool gives back holds no files in any other dialect. */
const resultDocument = document.extend({ source: z.discriminatedUnion('type', [plain, content]) })

const toolResult = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().min(1),
  content: z
    .preprocess(toBlocks, z.array(z.discriminatedUnion('type', [text, image, resultDocument])))
    .nullish(),
  is_error: z.boolean().nullish(),
})

const thinking = z.looseObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().nullish(),
})
const redacted = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() })
const toolUse = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.looseObject({}),
})

const userBlock = z.discriminatedUnion('type', [text, image, document, toolResult])
const assistantBlock = z.discriminatedUnion('type', [text, thinking, redacted, toolUse])

const message = z.discriminatedUnion('role', [
  z.looseObject({
    role: z.literal('user'),
    content: z.preprocess(toBlocks, z.array(userBlock)),
  }),
  z.looseObject({
    role: z.literal('assistant'),
    content: z.preprocess(toBlocks, z.array(assistantBlock)),
  }),
  z.looseObject({ role: z.literal('system'), content: textBlocks }),
])

const tool = z.looseObject({
  /** Others are run by Anthropic, and nobody else has them. */
  type: z.literal('custom').nullish(),
  name: z.string().min(1),
  description: z.string().nullish(),
  input_schema: z.looseObject({}),
  strict: z.boolean().nullish(),
})

const isParallelOff = z.boolean().nullish()
const toolChoice = z.discriminatedUnion('type', [
  z.looseObject({ type: z.enum(['auto', 'any']), disable_parallel_tool_use: isParallelOff }),
  z.looseObject({
    type: z.literal('tool'),
    name: z.string().min(1),
    disable_parallel_tool_use: isParallelOff,
  }),
  z.looseObject({ type: z.literal('none') }),
])

const format = z.looseObject({ type: z.literal('json_schema'), schema: z.looseObject({}) })

const outputConfig = z.looseObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  format: format.nullish(),
})

/** https://platform.claude.com/docs/en/api/messages/create */
export const requestSchema = z.looseObject({
  messages: z.array(message).min(1),
  system: textBlocks.nullish(),
  max_tokens: z.int().min(1).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_k: z.int().min(0).nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  thinking: z
    .looseObject({ type: z.string().nullish(), budget_tokens: z.int().min(0).nullish() })
    .nullish(),
  output_config: outputConfig.nullish(),
  /** What `output_config.format` was called at first. */
  output_format: format.nullish(),
})

/** A request that is valid, with every string of text as a list of blocks. */
export type MessagesRequest = z.infer<typeof requestSchema>
/** What a message of the user holds. */
export type UserBlock = z.infer<typeof userBlock>
/** What a message of the model holds. */
export type AssistantBlock = z.infer<typeof assistantBlock>
/** Text. */
export type TextBlock = z.infer<typeof text>
/** An image, or where it is. */
export type ImageBlock = z.infer<typeof image>
/** A document, or where it is. */
export type DocumentBlock = z.infer<typeof document>
/** What a tool gave back. */
export type ResultBlock = z.infer<typeof toolResult>
