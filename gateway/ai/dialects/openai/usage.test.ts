import { expect, test } from 'vitest'
import { encodeUsage, readUsage } from './usage.ts'

const told = { prompt_tokens: 30, completion_tokens: 20, total_tokens: 50 }
const basic = { inputTokens: 30, outputTokens: 20 }

test.each<[string, object, object]>([
  ['without details', told, basic],
  ['with details that are null', { ...told, prompt_tokens_details: null }, basic],
  [
    'with cached tokens',
    { ...told, prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: null } },
    { ...basic, cachedInputTokens: 10 },
  ],
  [
    'with tokens put into a cache',
    { ...told, prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 4 } },
    { ...basic, cachedInputTokens: 0, cacheWriteInputTokens: 4 },
  ],
  [
    'with what the model thought',
    { ...told, completion_tokens_details: { reasoning_tokens: 15 } },
    { ...basic, reasoningTokens: 15 },
  ],
  [
    'with what the model thought beside the completion',
    { ...told, total_tokens: 65, completion_tokens_details: { reasoning_tokens: 15 } },
    { inputTokens: 30, outputTokens: 35, reasoningTokens: 15 },
  ],
  [
    'with details that make no sense',
    { ...told, prompt_tokens_details: 'many', completion_tokens_details: { reasoning_tokens: -1 } },
    basic,
  ],
])('reads a usage %s', (_what, usage, expected) => {
  expect(readUsage({ usage })).toStrictEqual(expected)
})

test('a usage that is written is read again', () => {
  const usage = {
    ...basic,
    cachedInputTokens: 10,
    cacheWriteInputTokens: 5,
    reasoningTokens: 15,
  }
  expect(readUsage({ usage: encodeUsage(usage) })).toEqual(usage)
})
