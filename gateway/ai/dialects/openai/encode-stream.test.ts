import { expect, test } from 'vitest'
import type { ChatEvent, Finish } from '../../chat/answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { createStreamEncoder } from './encode-stream.ts'

const META = { requestId: 'request-1', model: 'my-model', createdAt: 1_767_225_600 }

const encode = (events: readonly ChatEvent[], wantsUsage: boolean): string => {
  const encoder = createStreamEncoder(META, wantsUsage)
  return events.map((event) => encoder.push(event)).join('')
}

const decode = (text: string): readonly ChatEvent[] =>
  createStreamDecoder().push(Buffer.from(text).toString('latin1'))

const said: ChatEvent[] = [
  { type: 'start', id: 'a', model: 'm' },
  { type: 'text', text: 'grüße' },
  { type: 'toolCall', index: 0, id: 'c0', name: 'f' },
  { type: 'toolArguments', index: 0, json: '{"x":1}' },
  { type: 'finish', finish: 'toolCalls' },
]
const usage: ChatEvent = {
  type: 'usage',
  usage: {
    inputTokens: 3,
    outputTokens: 2,
    cachedInputTokens: 1,
    cacheWriteInputTokens: 1,
    reasoningTokens: 1,
  },
}

test('what is written is read again', () => {
  const events: ChatEvent[] = [...said, usage, { type: 'end' }]
  expect(decode(encode(events, true))).toEqual(events)
})

test('tells no usage that nobody asked for', () => {
  const text = encode([...said, usage, { type: 'end' }], false)
  expect(text).not.toContain('usage')
  expect(text).toMatch(/data: \[DONE\]\n\n$/)
})

test('a part of an answer does not look like a whole one', () => {
  const text = encode([...said.slice(0, 2), { type: 'end' }], true)
  expect(text).toContain('grüße')
  expect(text).not.toContain('[DONE]')
})

test('an answer that nobody began begins with its first words', () => {
  const events = decode(encode([...said.slice(1), { type: 'end' }], false))
  expect(events).toEqual([
    { type: 'start', id: 'chatcmpl-request-1', model: 'my-model' },
    ...said.slice(1),
    { type: 'end' },
  ])
})

test('leaves an error to the one who knows what the caller may be told', () => {
  expect(encode([{ type: 'error', message: 'secret' }], true)).toBe('')
})

test.each<[Finish, string]>([
  ['toolCalls', '{}'],
  ['stop', '{}'],
  ['length', ''],
])('a call without arguments that finishes with %s has %j', (finish, expected) => {
  const events = decode(
    encode([{ type: 'start' }, ...said.slice(2, 3), { type: 'finish', finish }], false),
  )
  const json = events.map((event) => (event.type === 'toolArguments' ? event.json : '')).join('')
  expect(json).toBe(expected)
})
