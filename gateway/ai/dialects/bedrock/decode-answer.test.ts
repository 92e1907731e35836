import { expect, test } from 'vitest'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { encodeFrames } from './testing/event-stream.ts'

const message = { role: 'assistant', content: [{ text: 'hello' }] }

test.each([
  ['nothing', undefined],
  ['null', null],
  ['text', 'hello'],
  ['an error', { message: 'hello' }],
  ['no message', { output: {}, stopReason: 'end_turn' }],
  ['words that are none', { output: { message: { content: [{ text: 1 }] } } }],
  [
    'a call without a name',
    { output: { message: { content: [{ toolUse: { toolUseId: 'a' } }] } } },
  ],
  ['words that Bedrock could not read', { output: { message }, stopReason: 'malformed_tool_use' }],
])('%s is no answer', (_name, json) => {
  expect(() => decodeAnswer(json)).toThrow()
})

test.each([
  ['data that is none', { event: 'messageStop', data: 'end_turn' }],
  ['words that are none', { event: 'contentBlockDelta', data: { delta: { text: 1 } } }],
  ['a call without a name', { event: 'contentBlockStart', data: { start: { toolUse: {} } } }],
])('a stream with %s is not read', (_name, event) => {
  const chunk = encodeFrames([event]).toString('latin1')
  expect(() => createStreamDecoder().push(chunk)).toThrow()
})
