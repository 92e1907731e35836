import { z } from 'zod'
import type { Prompt } from '../completion.ts'
import { contentOf, named, some, tokenLimit, toTurn } from '../content.ts'

const message = z.looseObject({
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  content: contentOf(['text', 'image_url', 'document', 'thinking']).optional(),
})

const format = z.looseObject({
  type: z.enum(['text', 'json_object']),
  json_schema: z.unknown().optional(),
})

/** https://docs.cohere.com/v2/reference/chat, as far as an answer depends on it. */
export const chatRequest = z.looseObject({
  model: z.string().min(1),
  messages: some(message),
  stream: z.boolean().optional(),
  max_tokens: tokenLimit,
  tools: z.array(z.looseObject({ function: named })).optional(),
  response_format: format.optional(),
})

export type ChatRequest = z.infer<typeof chatRequest>

export const toPrompt = (request: ChatRequest): Prompt => ({
  turns: request.messages.map(({ role, content }) => toTurn(role, content)),
  tools: (request.tools ?? []).map((tool) => tool.function.name),
  schema: request.response_format?.json_schema,
  maxTokens: request.max_tokens,
})
