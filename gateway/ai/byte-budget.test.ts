import { expect, test } from 'vitest'
import { createByteBudget } from './byte-budget.ts'

test('gives no more than there is, and takes it back', () => {
  const budget = createByteBudget(10)
  expect([budget.take(6), budget.take(5), budget.take(4)]).toEqual([true, false, true])
  budget.give(6)
  expect([budget.take(7), budget.take(6)]).toEqual([false, true])
})
