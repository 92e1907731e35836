import { expect, test } from 'vitest'
import { readMessagesAnswer } from './answer.ts'

const read = (answer: object | string) =>
  readMessagesAnswer(Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)))

const usage = { input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 2 }
const message = { type: 'message', content: [{ type: 'text', text: 'hi' }], usage }

test.each([
  ['an answer', message, false, { inputTokens: 7, cachedInputTokens: 4, outputTokens: 2 }],
  ['one without usage', { ...message, usage: null }, false, undefined],
  ['one whose usage is no object', { ...message, usage: 'much' }, false, undefined],
  ['an error', { type: 'error', error: { type: 'api_error', message: 'x' } }, true, undefined],
  ['an error without a type', { error: { message: 'x' } }, true, undefined],
  ['an error that is too long to be read', { error: 'x'.repeat(70_000) }, true, undefined],
  ['no error', { ...message, usage: {}, error: null }, false, undefined],
])('reads %s', (_what, answer, isFailure, expected) => {
  expect(read(answer)).toEqual({ isFailure, usage: expected })
})

test.each([
  ['nothing', {}, true],
  ['a message without content', { type: 'message', usage }, true],
  ['content that is null', { ...message, content: null }, true],
  ['a model that says nothing', { ...message, content: [] }, false],
  ['a count of tokens', { input_tokens: 0 }, false],
])('knows whether there is an answer: %s', (_what, answer, isFailure) => {
  expect(read(answer)).toMatchObject({ isFailure })
})

test.each(['', '[]', 'null', '{"type":"message"', '{"usage":{]}'])('%j is no answer', (text) => {
  expect(read(text)).toBeUndefined()
})
