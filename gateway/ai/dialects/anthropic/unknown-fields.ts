import type { MessagesRequest } from './request-schema.ts'

/** Fields that are read, or that others read. */
const ROOT = new Set([
  ...['model', 'stream', 'messages', 'system', 'max_tokens', 'temperature', 'top_p', 'top_k'],
  ...['stop_sequences', 'metadata', 'tools', 'tool_choice', 'thinking', 'output_config'],
  'output_format',
])
const NESTED = {
  thinking: new Set(['type', 'budget_tokens']),
  output_config: new Set(['effort', 'format']),
  metadata: new Set(['user_id']),
} as const
const TOOL = new Set(['type', 'name', 'description', 'input_schema', 'strict'])
/** What blocks may have beside what they hold. */
const BLOCK = ['cache_control', 'citations', 'context']

const findOthers = (object: object | null | undefined, known: ReadonlySet<string>): string[] =>
  Object.entries(object ?? {})
    .filter(([name, value]) => value !== null && !known.has(name))
    .map(([name]) => name)

const findBeside = (block: Readonly<Record<string, unknown>>): string[] =>
  BLOCK.filter((name) => block[name] !== undefined && block[name] !== null)

const findInMessage = ({ content }: MessagesRequest['messages'][number]): string[] =>
  content.flatMap((block) => {
    const inner = block.type === 'tool_result' ? (block.content ?? []) : []
    return [block, ...inner].flatMap(findBeside)
  })

/** The names of fields that have no place in a request that is freed from this dialect. */
export const findUnknown = (request: MessagesRequest): string[] => {
  const names = [
    ...findOthers(request, ROOT),
    ...Object.entries(NESTED).flatMap(([parent, known]) =>
      findOthers(request[parent as keyof typeof NESTED], known).map((name) => `${parent}.${name}`),
    ),
    ...(request.tools ?? []).flatMap((tool) => findOthers(tool, TOOL)),
    ...(request.system ?? []).flatMap(findBeside),
    ...request.messages.flatMap(findInMessage),
  ]
  return [...new Set(names)]
}
