import { z } from 'zod'
import type { Prompt, Turn } from '../completion.ts'
import { named, schemaHolder, some, toTurn } from '../content.ts'

const TYPES = ['text', 'image', 'document', 'search_result', 'tool_use', 'tool_result'] as const
const OWN_TYPES = [
  'thinking',
  'redacted_thinking',
  'server_tool_use',
  'web_search_tool_result',
] as const

const text = z.string().min(1, 'text content blocks must be non-empty')
const plain = z.looseObject({ type: z.enum(TYPES), text: text.optional() })

const block = z.looseObject({
  type: z.enum([...TYPES, ...OWN_TYPES]),
  text: text.optional(),
  /** Of a tool's result. */
  content: z.union([z.string(), z.array(plain)]).optional(),
})

const message = z.looseObject({
  /** Newer models take instructions in the middle of a conversation. */
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(block)]),
})

/** What may be counted: a request without what concerns its answer only. */
export const countRequest = z.looseObject({
  model: z.string().min(1),
  messages: some(message),
  system: z.union([z.string(), z.array(plain)]).optional(),
  tools: z.array(named).optional(),
  output_config: z.looseObject({ format: schemaHolder.nullish() }).optional(),
  max_tokens: z.number().optional(),
})

/** https://docs.claude.com/en/api/messages, as far as an answer depends on it. */
export const messagesRequest = countRequest.extend({
  max_tokens: z.number('Field required').int().positive(),
  stream: z.boolean().optional(),
})

export type MessagesRequest = z.infer<typeof messagesRequest>

export const toPrompt = (request: z.infer<typeof countRequest>): Prompt => ({
  turns: [toTurn('system', request.system), ...request.messages.flatMap(toTurns)],
  tools: (request.tools ?? []).map(({ name }) => name),
  schema: request.output_config?.format?.schema,
  maxTokens: request.max_tokens,
})

/** What tools gave comes within a message of the user, before what the user has to say. */
const toTurns = ({ role, content }: z.infer<typeof message>): Turn[] => {
  if (typeof content === 'string') return [toTurn(role, content)]
  const results = content.filter(({ type }) => type === 'tool_result')
  const others = content.filter(({ type }) => type !== 'tool_result')
  const given = results.map((result) => toTurn('tool', result.content))
  return others.length > 0 ? [...given, toTurn(role, others)] : given
}
