import { expect, test } from 'vitest'
import { compiledCost } from '#config/compiled/cost.ts'
import { modelCost } from '#config/kinds/cost.ts'
import { compileCost } from './compile-cost.ts'

test.each([
  [{}, {}],
  [{ inputPerMillion: '0' }, { input: 0 }],
  [
    {
      inputPerMillion: '2.50',
      outputPerMillion: '10',
      cachedInputPerMillion: '0.25',
      cacheWritePerMillion: '3.125',
    },
    { input: 2_500_000, output: 10_000_000, cachedInput: 250_000, cacheWrite: 3_125_000 },
  ],
])('%j', (cost, expected) => {
  const compiled = compileCost(modelCost.parse(cost))
  expect(compiled).toEqual(expected)
  expect(compiledCost.parse(compiled)).toEqual(expected)
})
