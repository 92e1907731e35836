import { z } from 'zod'
import type { Prompt, Turn } from '../completion.ts'
import { contentOf, named, schemaHolder, some, tokenLimit, toTurn } from '../content.ts'
import { toRole } from './chat-request.ts'

const INPUTS = ['input_text', 'input_image', 'input_file', 'input_audio'] as const
const content = contentOf([...INPUTS, 'output_text', 'refusal'])

const item = z.looseObject({
  type: z.string().optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).optional(),
  content: content.nullish(),
  /** What a tool gave. */
  output: content.optional(),
})

/** https://platform.openai.com/docs/api-reference/responses/create */
export const responsesRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), some(item)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: tokenLimit,
  tools: z.array(named.partial()).nullish(),
  text: z.looseObject({ format: schemaHolder.optional() }).nullish(),
})

export type ResponsesRequest = z.infer<typeof responsesRequest>

export const toPrompt = (request: ResponsesRequest): Prompt => ({
  turns: [toTurn('system', request.instructions), ...toTurns(request.input)],
  tools: (request.tools ?? []).flatMap(({ name }) => name ?? []),
  schema: request.text?.format?.schema,
  maxTokens: request.max_output_tokens,
})

const toTurns = (input: ResponsesRequest['input']): Turn[] => {
  if (typeof input === 'string') return [toTurn('user', input)]
  return input.flatMap((entry) => {
    if (entry.type === 'function_call_output') return [toTurn('tool', entry.output)]
    return entry.role ? [toTurn(toRole(entry.role), entry.content)] : []
  })
}
