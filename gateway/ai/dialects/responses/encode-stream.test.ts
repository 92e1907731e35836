import { expect, test } from 'vitest'
import type { ChatEvent } from '../../chat/answer.ts'
import { createSseDecoder } from '../../chat/sse-decoder.ts'
import { createStreamEncoder } from './encode-stream.ts'

const META = { requestId: 'request-1', model: 'm', createdAt: 1_767_225_600 }
const usage = { inputTokens: 1, outputTokens: 2 }

interface Told {
  readonly type: string
  readonly output_index?: number
  readonly arguments?: string
  readonly response?: { readonly output: object[]; readonly usage: object | null }
}

const encode = (events: readonly ChatEvent[]): Told[] => {
  const told: Told[] = []
  const decoder = createSseDecoder(({ name, data }) => {
    const event = JSON.parse(data)
    expect(event.type).toBe(name)
    told.push(event)
  })
  const encoder = createStreamEncoder(META)
  for (const event of events) {
    decoder.push(Buffer.from(encoder.push(event)).toString('latin1'))
  }
  return told
}

const call = (index: number): ChatEvent => ({ type: 'toolCall', index, id: `c${index}`, name: 'f' })
const json = (index: number, text: string): ChatEvent => ({
  type: 'toolArguments',
  index,
  json: text,
})
const finish: ChatEvent = { type: 'finish', finish: 'toolCalls' }
const end: ChatEvent = { type: 'end' }

const marks = (told: readonly Told[]) =>
  told
    .filter(({ type }) => type.startsWith('response.output_item.'))
    .map(({ type, output_index: index }) => `${type.split('.')[2]} ${index}`)

test('a call is done when the next begins', () => {
  const told = encode([call(0), json(0, '{}'), call(1), json(1, '{}'), finish, end])
  expect(marks(told)).toEqual(['added 0', 'done 0', 'added 1', 'done 1'])
})

test('a call whose arguments go on later waits for them', () => {
  const told = encode([
    call(0),
    json(0, '{"a"'),
    call(1),
    json(1, '{}'),
    json(0, ':1}'),
    finish,
    end,
  ])
  expect(marks(told)).toEqual(['added 0', 'added 1', 'done 0', 'done 1'])
  expect(told.at(-1)?.response?.output).toMatchObject([
    { arguments: '{"a":1}' },
    { arguments: '{}' },
  ])
})

test('a call that begins twice leaves no hole', () => {
  const told = encode([call(0), json(0, '{}'), call(0), call(0), finish, end])
  expect(marks(told)).toEqual(['added 0', 'done 0', 'added 1', 'done 1', 'added 2', 'done 2'])
  expect(told.at(-1)?.response?.output).toHaveLength(3)
  expect(told.at(-1)?.response?.output).not.toContain(null)
})

test('arguments of no call are left out', () => {
  expect(marks(encode([json(3, '{}'), finish, end]))).toEqual([])
})

test('a call that was cut before its arguments has none', () => {
  const told = encode([call(0), { type: 'finish', finish: 'length' }, end])
  expect(told.at(-1)?.response?.output).toMatchObject([{ arguments: '', status: 'incomplete' }])
})

test.each<[string, ChatEvent[], object | null]>([
  ['that comes after', [finish, { type: 'usage', usage }], { total_tokens: 3 }],
  ['that came before', [{ type: 'usage', usage }, finish, end], { total_tokens: 3 }],
  ['that never comes', [finish, end], null],
])('the last event tells the usage %s', (_what, events, expected) => {
  const told = encode(events)
  expect(told.at(-1)?.type).toBe('response.completed')
  if (expected) expect(told.at(-1)?.response?.usage).toMatchObject(expected)
  else expect(told.at(-1)?.response?.usage).toBeNull()
})

test('the last event comes once, and nothing after it', () => {
  const told = encode([finish, { type: 'usage', usage }, end, { type: 'text', text: 'x' }, end])
  expect(told.map(({ type }) => type)).toEqual([
    ...['response.created', 'response.in_progress', 'response.completed'],
  ])
})

test('a part of an answer never looks complete', () => {
  const told = encode([{ type: 'text', text: 'a' }, { type: 'usage', usage }, end])
  expect(told.at(-1)?.type).toBe('response.output_text.delta')
})

test('an empty piece makes no item, and an error of the provider is not for here', () => {
  const told = encode([
    { type: 'start' },
    { type: 'text', text: '' },
    { type: 'reasoning', text: '' },
    { type: 'error', message: 'secret' },
  ])
  expect(told.map(({ type }) => type)).toEqual(['response.created', 'response.in_progress'])
})

test('a signature of a thought without words is kept', () => {
  const told = encode([{ type: 'reasoningSignature', signature: 'c2ln' }, finish, end])
  expect(told.at(-1)?.response?.output).toMatchObject([
    { summary: [{ text: '' }], encrypted_content: 'c2ln' },
  ])
})
