import { z } from 'zod'
import { readField } from '../../chat/read-field.ts'
import type { AssistantPart, Message, ReasoningPart, ToolResult } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import {
  ASSISTANT_PARTS,
  decodeContent,
  SYSTEM_PARTS,
  TOOL_PARTS,
  USER_PARTS,
} from './decode-content.ts'

const typed = z.object({ type: z.string().nullish() })
const message = z.object({
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.unknown(),
})
const call = z.object({ call_id: z.string(), name: z.string(), arguments: z.string() })
const output = z.object({ call_id: z.string(), output: z.unknown() })
const thought = z.array(z.object({ text: z.string() })).nullish()
const reasoning = z.object({
  summary: thought,
  content: thought,
  encrypted_content: z.string().nullish(),
})

const decodeMessage = (item: unknown, param: string): Message => {
  const { role, content } = readField(message, item, param)
  const place = `${param}.content`
  if (role === 'user') return { role, parts: decodeContent(content, USER_PARTS, place) }
  if (role === 'assistant') return { role, parts: decodeContent(content, ASSISTANT_PARTS, place) }
  return { role: 'system', parts: decodeContent(content, SYSTEM_PARTS, place) }
}

/** A thought of which there is no text is one that only its provider can read. */
const toReasoning = (texts: readonly { text: string }[], encrypted?: string | null) => {
  const text = texts.map((part) => part.text).join('\n\n')
  if (!encrypted) return { type: 'reasoning', text } as const
  return texts.length === 0
    ? ({ type: 'reasoning', text, redacted: encrypted } as const)
    : ({ type: 'reasoning', text, signature: encrypted } as const)
}

const decodeReasoning = (item: unknown, param: string): ReasoningPart => {
  const { summary, content, encrypted_content: encrypted } = readField(reasoning, item, param)
  return toReasoning(content?.length ? content : (summary ?? []), encrypted)
}

const decodeCall = (item: unknown, param: string): AssistantPart => {
  const { call_id: id, name, arguments: json } = readField(call, item, param)
  return { type: 'toolCall', id, name, arguments: json }
}

const decodeResult = (item: unknown, param: string): ToolResult => {
  const { call_id: callId, output: content } = readField(output, item, param)
  return { callId, parts: decodeContent(content, TOOL_PARTS, `${param}.output`) }
}

const toAssistant = (part: AssistantPart): Message => ({ role: 'assistant', parts: [part] })

const DECODERS: ReadonlyMap<string, (item: unknown, param: string) => Message> = new Map([
  ['message', decodeMessage],
  ['reasoning', (item, param) => toAssistant(decodeReasoning(item, param))],
  ['function_call', (item, param) => toAssistant(decodeCall(item, param))],
  [
    'function_call_output',
    (item, param): Message => ({ role: 'tool', results: [decodeResult(item, param)] }),
  ],
])

const decodeItem = (item: unknown, param: string): Message => {
  const type = readField(typed, item, param).type ?? 'message'
  const decode = DECODERS.get(type)
  if (decode) return decode(item, param)
  const message = `'${param}.type' must be one of ${[...DECODERS.keys()].join(', ')}.`
  throw new RequestFault(`${param}.type`, message)
}

const isSame = (a: Message | undefined, b: Message): boolean => a?.role === b.role

const joinRun = (run: readonly Message[]): readonly Message[] => {
  const parts = run.flatMap((item) => (item.role === 'assistant' ? item.parts : []))
  if (parts.length > 0) return [{ role: 'assistant', parts }]
  const results = run.flatMap((item) => (item.role === 'tool' ? item.results : []))
  return results.length > 0 ? [{ role: 'tool', results }] : run
}

const isEmpty = (item: Message): boolean => item.role !== 'tool' && item.parts.length === 0

/** What a model says in one turn comes in several items, and so do the results of its calls. */
const join = (items: readonly Message[]): Message[] => {
  const runs: Message[][] = []
  for (const item of items) {
    if (isEmpty(item)) continue
    const last = runs.at(-1)
    if (last && isSame(last[0], item)) last.push(item)
    else runs.push([item])
  }
  return runs.flatMap(joinRun)
}

/** @throws RequestFault for a result without its call, which no provider takes */
const checkCalls = (messages: readonly Message[]): void => {
  const ids = new Set<string>()
  for (const [index, item] of messages.entries()) {
    if (item.role === 'tool') {
      const unknown = item.results.find(({ callId }) => !ids.has(callId))
      if (!unknown) continue
      const param = `input[${index}].call_id`
      throw new RequestFault(param, `'${param}' must be that of a function_call before it.`)
    }
    if (item.role !== 'assistant') continue
    for (const part of item.parts) if (part.type === 'toolCall') ids.add(part.id)
  }
}

const decodeItems = (input: unknown): Message[] => {
  const items = readField(z.array(z.unknown()).min(1), input, 'input')
  const messages = items.map((item, index) => decodeItem(item, `input[${index}]`))
  checkCalls(messages)
  return join(messages)
}

/** Reads what the model is told. @throws RequestFault */
export const decodeInput = (input: unknown): Message[] => {
  if (typeof input === 'string') return [{ role: 'user', parts: [{ type: 'text', text: input }] }]
  if (typeof input === 'object' || input === undefined) return decodeItems(input)
  throw new RequestFault('input', "'input' must be a string or a list.")
}
