import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Price, type Rates, toCost } from './price.ts'

const rates: Rates = {
  input: 3_000_000,
  output: 15_000_000,
  cachedInput: 300_000,
  cacheWrite: 3_750_000,
}
const price: Price = { rates, tiers: [] }

test.each([
  ['nothing', { inputTokens: 0, outputTokens: 0 }, 0],
  ['a million input tokens', { inputTokens: 1_000_000, outputTokens: 0 }, 3_000_000],
  ['a million output tokens', { inputTokens: 0, outputTokens: 1_000_000 }, 15_000_000],
  ['some of both', { inputTokens: 1000, outputTokens: 100 }, 4500],
  ['input from a cache', { inputTokens: 1000, outputTokens: 0, cachedInputTokens: 900 }, 570],
  ['input into a cache', { inputTokens: 1000, outputTokens: 0, cacheWriteInputTokens: 1000 }, 3750],
  [
    'all kinds of input',
    { inputTokens: 1000, outputTokens: 0, cachedInputTokens: 500, cacheWriteInputTokens: 400 },
    1950,
  ],
  ['thought, which is output', { inputTokens: 0, outputTokens: 10, reasoningTokens: 9 }, 150],
  ['a cache without input', { inputTokens: 0, outputTokens: 0, cachedInputTokens: 1000 }, 300],
  ['no number', { inputTokens: Number.NaN, outputTokens: -1 }, 0],
])('%s', (_, usage, microDollars) => {
  expect(toCost(price, usage)).toBe(microDollars)
})

test('a part of a micro-dollar is a whole one', () => {
  const cheap: Price = { rates: { ...rates, input: 1 }, tiers: [] }
  expect(toCost(cheap, { inputTokens: 1, outputTokens: 0 })).toBe(1)
  expect(toCost(cheap, { inputTokens: 1_000_000, outputTokens: 0 })).toBe(1)
  expect(toCost(cheap, { inputTokens: 1_000_001, outputTokens: 0 })).toBe(2)
})

test('long input has the rates of its tier, for all of the call', () => {
  const double = { ...rates, input: 6_000_000, output: 22_500_000 }
  const tiers = [
    { aboveInputTokens: 200_000, rates: double },
    { aboveInputTokens: 500_000, rates: { ...double, input: 9_000_000 } },
  ]
  const costOf = (inputTokens: number) => toCost({ rates, tiers }, { inputTokens, outputTokens: 2 })
  expect(costOf(200_000)).toBe(600_030)
  expect(costOf(200_001)).toBe(1_200_006 + 45)
  expect(costOf(500_001)).toBe(4_500_009 + 45)
})

test('a cost is exact, to the last token', () => {
  const tokens = fc.nat(10_000_000)
  const rate = fc.nat(200_000_000)
  fc.assert(
    fc.property(tokens, tokens, rate, rate, (inputTokens, outputTokens, input, output) => {
      const picodollars =
        BigInt(inputTokens) * BigInt(input) + BigInt(outputTokens) * BigInt(output)
      const cost = toCost(
        { rates: { input, output, cachedInput: input, cacheWrite: input }, tiers: [] },
        { inputTokens, outputTokens },
      )
      expect(BigInt(cost)).toBe((picodollars + 999_999n) / 1_000_000n)
    }),
  )
})

test('a usage beyond reason is a number that can be counted', () => {
  expect(toCost(price, { inputTokens: 1e300, outputTokens: 1e300 })).toBeLessThanOrEqual(
    Number.MAX_SAFE_INTEGER,
  )
})
