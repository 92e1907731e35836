import { z } from 'zod'
import { EFFORTS } from '../../chat/request.ts'
import { messageSchema } from './message-schema.ts'

const schema = z.record(z.string(), z.unknown())

const definition = z.object({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: schema.nullish(),
  strict: z.boolean().nullish(),
})
const named = z.object({ name: z.string() })
const namedTool = z.object({ type: z.literal('function'), function: named })

/** A word is short for an object. */
const toolChoice = z.preprocess(
  (value) => (typeof value === 'string' ? { type: value } : value),
  z.discriminatedUnion('type', [
    z.object({ type: z.enum(['auto', 'none', 'required']) }),
    namedTool,
    z.object({
      type: z.literal('allowed_tools'),
      allowed_tools: z.object({ mode: z.enum(['auto', 'required']), tools: z.array(namedTool) }),
    }),
  ]),
)

const functionCall = z.preprocess(
  (value) => (typeof value === 'string' ? { type: value } : value),
  z.union(
    [named, z.object({ type: z.enum(['auto', 'none']) })],
    'auto, none or an object with a name',
  ),
)

const responseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string().min(1),
      description: z.string().nullish(),
      schema: schema.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
])

const count = z.int().min(1).nullish()
const number = z.number().nullish()
const stop = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string(), 'a string or a list of strings'),
)

/**
 * The body of a caller: https://platform.openai.com/docs/api-reference/chat/create
 * `top_k` is a field of vLLM and others.
 */
export const requestSchema = z.object({
  model: z.unknown().optional(),
  messages: z.array(messageSchema).min(1),
  stream: z.unknown().optional(),
  stream_options: z.unknown().optional(),
  n: count,
  modalities: z.array(z.string()).nullish(),
  tools: z.array(z.object({ type: z.literal('function'), function: definition })).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(definition).nullish(),
  function_call: functionCall.nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.enum(EFFORTS).nullish(),
  max_tokens: count,
  max_completion_tokens: count,
  temperature: number,
  top_p: number,
  top_k: z.int().nullish(),
  stop: stop.nullish(),
  seed: z.int().nullish(),
  presence_penalty: number,
  frequency_penalty: number,
  user: z.string().nullish(),
  safety_identifier: z.string().nullish(),
})

/** A body as the schema reads it. */
export type CallerRequest = z.infer<typeof requestSchema>
