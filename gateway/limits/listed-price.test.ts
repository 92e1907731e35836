import { findProvider } from '@pydantic/genai-prices'
import { expect, test } from 'vitest'
import { findListedPrice, LISTED_PROVIDERS } from './listed-price.ts'

const AT = new Date('2026-11-22T12:00:00Z')

test.each([...LISTED_PROVIDERS])('the list knows %s as %s', (provider, providerId) => {
  const listed = findProvider({ providerId })
  expect(listed?.id).toBe(providerId)
  for (const { id } of listed?.models ?? []) {
    expect(() => findListedPrice(provider, id, AT)).not.toThrow()
  }
})

test.each([
  ['OpenAI', 'gpt-4o', { input: 2_500_000, output: 10_000_000, cachedInput: 1_250_000 }],
  ['OpenAI', 'text-embedding-3-small', { input: 20_000, output: 0 }],
  [
    'Bedrock',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    { input: 3_300_000, output: 16_500_000, cachedInput: 330_000, cacheWrite: 4_125_000 },
  ],
  ['AzureOpenAI', 'gpt-4o', { input: 2_500_000, output: 10_000_000, cachedInput: 1_250_000 }],
])('the price of %s %s', (provider, model, cost) => {
  expect(findListedPrice(provider, model, AT)).toEqual({ cost, tiers: [] })
})

test('a model whose price depends on the length of its input has tiers', () => {
  expect(findListedPrice('Anthropic', 'claude-sonnet-4-5', AT)).toEqual({
    cost: { input: 3_000_000, output: 15_000_000, cachedInput: 300_000, cacheWrite: 3_750_000 },
    tiers: [
      {
        aboveInputTokens: 200_000,
        cost: { input: 6_000_000, output: 22_500_000, cachedInput: 600_000, cacheWrite: 7_500_000 },
      },
    ],
  })
})

test('a price may depend on the date', () => {
  const inputAt = (date: string) => findListedPrice('OpenAI', 'o3', new Date(date))?.cost.input
  expect(inputAt('2025-06-09T23:59:59Z')).toBe(10_000_000)
  expect(inputAt('2025-06-10T00:00:00Z')).toBe(2_000_000)
})

test.each([
  ['OpenAI', 'my-own-model'],
  ['OpenAI', '__proto__'],
  ['VLLM', 'gpt-4o'],
  ['constructor', 'gpt-4o'],
])('%s %s is not listed', (provider, model) => {
  expect(findListedPrice(provider, model, AT)).toBeUndefined()
})

test('what is not sold by tokens has no price of them', () => {
  expect(findListedPrice('Mistral', 'mistral-ocr-latest', AT)?.cost).toEqual({})
})
