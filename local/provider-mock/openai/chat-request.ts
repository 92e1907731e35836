import { z } from 'zod'
import type { Prompt } from '../completion.ts'
import { contentOf, named, schemaHolder, some, tokenLimit, toTurn } from '../content.ts'

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: contentOf(['text', 'image_url', 'input_audio', 'file', 'refusal']).nullish(),
})

/** https://platform.openai.com/docs/api-reference/chat/create, as far as an answer depends on it. */
export const chatRequest = z.looseObject({
  model: z.string().min(1),
  messages: some(message),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  tools: z.array(z.looseObject({ function: named.optional() })).nullish(),
  response_format: z.looseObject({ json_schema: schemaHolder.optional() }).nullish(),
})

export type ChatRequest = z.infer<typeof chatRequest>

/** Two of the roles have got new names. */
export const toRole = (role: z.infer<typeof message>['role']) => {
  if (role === 'developer') return 'system'
  return role === 'function' ? 'tool' : role
}

export const toPrompt = (request: ChatRequest): Prompt => ({
  turns: request.messages.map(({ role, content }) => toTurn(toRole(role), content)),
  tools: (request.tools ?? []).flatMap((tool) => tool.function?.name ?? []),
  schema: request.response_format?.json_schema?.schema,
  maxTokens: request.max_completion_tokens ?? request.max_tokens,
})
