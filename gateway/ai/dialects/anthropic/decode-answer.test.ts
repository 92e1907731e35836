import { expect, test } from 'vitest'
import { decodeAnswer } from './decode-answer.ts'
import { createStreamDecoder } from './decode-stream.ts'
import { anthropicProvider } from './provider-dialect.ts'

test.each([
  ['nothing', undefined],
  ['a text', 'hello'],
  ['a list', []],
  ['an object without content', { type: 'message', stop_reason: 'end_turn' }],
  ['an answer of OpenAI', { choices: [] }],
  ['a call of a tool without a name', { content: [{ type: 'tool_use', id: 'toolu_1' }] }],
])('%s is no answer', (_what, json) => {
  expect(() => decodeAnswer(json)).toThrow()
})

test('an error is told in its own words', () => {
  const json = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
  expect(() => decodeAnswer(json)).toThrow('Overloaded')
})

test.each(['data: {"type"\n\n', 'data: []\n\n', 'data: {"type":"content_block_start"}\n\n'])(
  '%j is no stream',
  (text) => {
    expect(() => createStreamDecoder().push(text)).toThrow()
  },
)

test('counts tokens', () => {
  expect(anthropicProvider.countTokens?.decode({ input_tokens: 14, more: 1 })).toBe(14)
  expect(() => anthropicProvider.countTokens?.decode({})).toThrow()
})
