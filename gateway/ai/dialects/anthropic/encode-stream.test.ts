import { expect, test } from 'vitest'
import { AiProblem, type AiProblemCode } from '../../ai-problem.ts'
import type { ChatEvent } from '../../chat/answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { encodeAnswer } from './encode-answer.ts'
import { createStreamEncoder } from './encode-stream.ts'
import { encodeProblem } from './problem.ts'

const META = { requestId: 'request-1', model: 'my-model', createdAt: 0 }

const encode = (events: readonly ChatEvent[]): string => {
  const encoder = createStreamEncoder(META)
  return events.map((event) => encoder.push(event)).join('')
}

/** What is read of what is written, usage aside, which is told in other places. */
const again = (events: readonly ChatEvent[]) =>
  createStreamDecoder()
    .push(Buffer.from(encode(events)).toString('latin1'))
    .filter(({ type }) => type !== 'usage')

const start: ChatEvent = { type: 'start', id: 'msg_1', model: 'my-model' }

test.each<[string, ChatEvent[]]>([
  [
    'thoughts that are signed, shown or not',
    [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'reasoningSignature', signature: 'YQ==' },
      { type: 'reasoning', text: '' },
      { type: 'reasoningSignature', signature: 'Yg==' },
      { type: 'reasoning', text: 'Not signed.' },
      { type: 'text', text: 'Done.' },
      { type: 'finish', finish: 'stop' },
    ],
  ],
  [
    'calls whose arguments come in turns',
    [
      { type: 'toolCall', index: 0, id: 'a', name: 'open_gate' },
      { type: 'toolCall', index: 1, id: 'b', name: 'open_gate' },
      { type: 'toolArguments', index: 1, json: '{}' },
      { type: 'text', text: 'So be it.' },
      { type: 'finish', finish: 'toolCalls' },
    ],
  ],
  [
    'the end of a sequence',
    [
      { type: 'text', text: 'until' },
      { type: 'finish', finish: 'stop', stopSequence: 'END' },
    ],
  ],
])('what is written reads as it was: %s', (_what, said) => {
  const events: ChatEvent[] = [start, ...said, { type: 'end' }]
  const noArguments: ChatEvent = { type: 'toolArguments', index: 0, json: '{}' }
  const expected = events.flatMap((event) =>
    event.type === 'toolCall' && event.index === 0 ? [event, noArguments] : [event],
  )
  expect(again(events)).toEqual(expected)
})

const toCall = (index: number): ChatEvent => ({
  type: 'toolCall',
  index,
  id: `call-${index}`,
  name: 'open_gate',
})
const toPiece = (index: number, json: string): ChatEvent => ({ type: 'toolArguments', index, json })

test('calls side by side become blocks one after another', () => {
  const one = [toCall(0), toPiece(0, '{"a"'), toPiece(0, ':1}')]
  const two = [toCall(1), toPiece(1, '{"b"'), toPiece(1, ':2}')]
  const words: ChatEvent = { type: 'text', text: 'So be it.' }
  const finish: ChatEvent = { type: 'finish', finish: 'toolCalls' }
  const mixed = [toCall(0), toCall(1), words, toPiece(1, '{"b"'), toPiece(0, '{"a"')]
  const last = [toPiece(1, ':2}'), toPiece(0, ':1}'), toPiece(0, ' ')]
  const text = encode([start, ...mixed, ...last, finish, { type: 'end' }])
  const expected = [start, ...one, ...two, words, finish, { type: 'end' as const }]
  expect(text.replaceAll(/event: content_block_delta\n.*" "}}\n\n/g, '')).toBe(encode(expected))
})

test('a call is told at once where the one before it is whole', () => {
  const text = encode([start, toCall(0), toPiece(0, '{"a":"}"}'), toCall(1), toPiece(1, '{"b')])
  expect(text).toContain('{\\"b')
})

test('a call that never becomes whole holds nothing back for ever', () => {
  const finish: ChatEvent = { type: 'finish', finish: 'length' }
  const calls = [toCall(0), toCall(1), toPiece(0, '{"a'), toCall(2), toPiece(1, '{"b')]
  const expected = [toCall(0), toPiece(0, '{"a'), toCall(1), toPiece(1, '{"b'), toCall(2)]
  expect(encode([start, ...calls, finish])).toBe(encode([start, ...expected, finish]))
})

test('an answer that nobody began begins with its first words', () => {
  const text = encode([{ type: 'usage', usage: { inputTokens: 1, outputTokens: 0 } }])
  expect(text).toBe('')
  expect(encode([{ type: 'text', text: 'Hi' }])).toMatch(/^event: message_start\n/)
})

test('a part of an answer does not look like a whole one', () => {
  const text = encode([start, { type: 'text', text: 'cut' }, { type: 'end' }])
  expect(text).not.toContain('message_stop')
  expect(text).not.toContain('message_delta')
})

test('what a provider says of its failure is not passed on', () => {
  expect(encode([{ type: 'error', message: 'account 17 has no credit' }])).toBe('')
})

test.each([
  ['', {}],
  ['{"gate":"north"}', { gate: 'north' }],
])('the input of a tool is an object: %j', (json, input) => {
  const parts = [{ type: 'toolCall', id: 'a', name: 'open_gate', arguments: json }] as const
  expect(encodeAnswer({ parts, finish: 'toolCalls' }, META)).toHaveProperty(
    'content[0].input',
    input,
  )
})

const CUT = { type: 'toolCall', id: 'a', name: 'open_gate', arguments: '{"gate":' } as const

test('a call that was cut is left out', () => {
  const parts = [{ type: 'text', text: 'Hm.' } as const, CUT]
  expect(encodeAnswer({ parts, finish: 'length' }, META)).toHaveProperty('content', [
    { type: 'text', text: 'Hm.' },
  ])
})

test.each(['{"gate":', '["north"]', 'null'])(
  'an answer that calls a tool with %s is none',
  (json) => {
    const parts = [{ ...CUT, arguments: json }]
    expect(() => encodeAnswer({ parts, finish: 'toolCalls' }, META)).toThrow(Error)
  },
)

test('a text without words is no block', () => {
  const parts = [{ type: 'text', text: '' }] as const
  expect(encodeAnswer({ parts, finish: 'stop' }, META)).toHaveProperty('content', [])
})

test.each<[AiProblemCode, string]>([
  ['invalid_api_key', 'authentication_error'],
  ['invalid_value', 'invalid_request_error'],
  ['request_too_large', 'request_too_large'],
  ['model_not_found', 'not_found_error'],
  ['provider_rate_limited', 'rate_limit_error'],
  ['overloaded', 'overloaded_error'],
  ['internal_error', 'api_error'],
  ['provider_failed', 'api_error'],
  ['provider_timeout', 'timeout_error'],
])('a problem of the kind %s is a %s', (code, type) => {
  const body = JSON.parse(encodeProblem(new AiProblem(code, 'why')))
  expect(body).toEqual({ type: 'error', error: { type, message: 'why' } })
})
