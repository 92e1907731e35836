import { expect, test } from 'vitest'
import { readResponsesAnswer } from './answer.ts'

const usage = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 14,
}

const read = (answer: object | string) =>
  readResponsesAnswer(Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)))

test.each([
  ['completed', { status: 'completed', error: null, output: [] }, false],
  [
    'incomplete',
    { status: 'incomplete', output: [], incomplete_details: { reason: 'content_filter' } },
    false,
  ],
  ['nothing', {}, true],
  ['without output', { status: 'completed', output: null }, true],
  ['of a server that tells no status', { output: [] }, false],
  ['failed', { status: 'failed', error: { code: 'server_error', message: 'x' } }, true],
  ['failed without an error', { status: 'failed', error: null }, true],
  ['cancelled', { status: 'cancelled' }, true],
  ['an error', { error: { message: 'x' } }, true],
  ['an error too long to be read', { error: 'x'.repeat(100_000) }, true],
])('knows an answer that is none: %s', (_what, answer, isFailure) => {
  expect(read(answer)).toEqual({ isFailure, usage: undefined })
})

test.each([
  [
    usage,
    {
      inputTokens: 9,
      outputTokens: 5,
      cachedInputTokens: 4,
      cacheWriteInputTokens: 2,
      reasoningTokens: 3,
    },
  ],
  [{ input_tokens: 9 }, { inputTokens: 9, outputTokens: 0 }],
  [{ input_tokens: 9, output_tokens: 1, input_tokens_details: null }, { outputTokens: 1 }],
  [{ input_tokens: 9, output_tokens_details: { reasoning_tokens: 'x' } }, { inputTokens: 9 }],
])('reads the usage %j', (told, expected) => {
  expect(read({ status: 'completed', usage: told })?.usage).toMatchObject(expected)
})

test.each([null, 'x', {}, { input_tokens: -1 }, { input_tokens: 1.5 }])(
  'a usage that makes no sense is none: %j',
  (told) => {
    expect(read({ usage: told, output: [] })).toEqual({ isFailure: false, usage: undefined })
  },
)

test.each(['', '{', '[]', '"x"', '{"status":"completed"'])('is not an object: %s', (text) => {
  expect(read(text)).toBeUndefined()
})
