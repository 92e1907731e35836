import { expect, test } from 'vitest'
import { toAmount } from './amounts.ts'

test.each([
  [0, 0],
  [1, 1],
  [1.2, 2],
  [-1, 0],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
  [1e300, Number.MAX_SAFE_INTEGER],
])('%d counts as %i', (value, amount) => {
  expect(toAmount(value)).toBe(amount)
})
