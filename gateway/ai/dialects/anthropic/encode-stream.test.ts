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

test('arguments of a call that is over still belong to it', () => {
  const text = encode([
    start,
    { type: 'toolCall', index: 0, id: 'a', name: 'open_gate' },
    { type: 'toolCall', index: 1, id: 'b', name: 'open_gate' },
    { type: 'toolArguments', index: 0, json: '{}' },
  ])
  const delta = { type: 'input_json_delta', partial_json: '{}' }
  const event = JSON.stringify({ type: 'content_block_delta', index: 0, delta })
  expect(text).toContain(`data: ${event}\n\n`)
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
  ['{"gate":', {}],
  ['["north"]', {}],
  ['', {}],
  ['{"gate":"north"}', { gate: 'north' }],
])('the input of a tool is an object: %j', (json, input) => {
  const parts = [{ type: 'toolCall', id: 'a', name: 'open_gate', arguments: json }] as const
  expect(encodeAnswer({ parts, finish: 'toolCalls' }, META)).toHaveProperty(
    'content[0].input',
    input,
  )
})

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
