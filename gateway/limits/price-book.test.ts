import { expect, test } from 'vitest'
import { createPriceBook } from './price-book.ts'

const NOON = Date.parse('2026-11-22T12:00:00Z')
const book = createPriceBook(() => NOON)

test('a listed model has its price; without one for its cache, that of input', () => {
  expect(book.find('OpenAI', 'gpt-4o')).toEqual({
    rates: {
      input: 2_500_000,
      output: 10_000_000,
      cachedInput: 1_250_000,
      cacheWrite: 2_500_000,
    },
    tiers: [],
  })
})

test('what the user says counts before the list', () => {
  expect(book.find('OpenAI', 'gpt-4o', { input: 1_000_000 })?.rates).toEqual({
    input: 1_000_000,
    output: 10_000_000,
    cachedInput: 1_250_000,
    cacheWrite: 1_000_000,
  })
  expect(book.find('OpenAI', 'gpt-4o', { output: 0 })?.rates.output).toBe(0)
})

test('what the user says counts in every tier', () => {
  const price = book.find('Anthropic', 'claude-sonnet-4-5', { input: 1_000_000 })
  expect(price?.tiers).toMatchObject([{ rates: { input: 1_000_000, output: 22_500_000 } }])
})

test('a model that is not listed has the price that the user says', () => {
  expect(book.find('VLLM', 'mine', { input: 100, output: 200 })).toEqual({
    rates: { input: 100, output: 200, cachedInput: 100, cacheWrite: 100 },
    tiers: [],
  })
})

test.each([
  ['nothing', undefined],
  ['no output', { input: 1 }],
  ['no input', { output: 1, cachedInput: 1 }],
])('a model that is not listed, of which the user says %s, has no price', (_, override) => {
  expect(book.find('VLLM', 'mine', override)).toBeUndefined()
})

test('a listed model that is not sold by tokens has no price', () => {
  expect(book.find('Mistral', 'mistral-ocr-latest')).toBeUndefined()
})

test('a price changes while the gateway runs', () => {
  let nowMs = Date.parse('2025-06-09T23:59:00Z')
  const running = createPriceBook(() => nowMs)
  expect(running.find('OpenAI', 'o3')?.rates.input).toBe(10_000_000)
  nowMs += 60_000
  expect(running.find('OpenAI', 'o3')?.rates.input).toBe(2_000_000)
})
