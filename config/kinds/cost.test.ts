import { expect, test } from 'vitest'
import { dollars, toMicroDollars } from './cost.ts'

test.each([
  ['0', 0],
  ['2', 2_000_000],
  ['12.50', 12_500_000],
  ['3.125', 3_125_000],
  ['0.000001', 1],
  ['0.1', 100_000],
  ['0007.7', 7_700_000],
  ['999999999.999999', 999_999_999_999_999],
])('%s dollars are %i micro-dollars', (text, microDollars) => {
  expect(dollars.safeParse(text).success).toBe(true)
  expect(toMicroDollars(text)).toBe(microDollars)
})

test.each(['', '.5', '1.', '-1', '1e3', '1,5', '0.0000001', '1000000000', ' 1', '1 ', '$1'])(
  '%j is no amount of dollars',
  (text) => {
    expect(dollars.safeParse(text).success).toBe(false)
  },
)
