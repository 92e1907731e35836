import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWeightedPick } from './pick-backend.ts'

test('without backends, or with weight 0 only, nothing is chosen', () => {
  expect(createWeightedPick([], Math.random)()).toBeUndefined()
  expect(createWeightedPick([{ weight: 0, value: 'a' }], Math.random)()).toBeUndefined()
})

test('a single backend needs no dice', () => {
  const pick = createWeightedPick(
    [
      { weight: 7, value: 'a' },
      { weight: 0, value: 'b' },
    ],
    () => {
      throw new Error('asked for a random number')
    },
  )
  expect(pick()).toBe('a')
})

test('evenly spread random numbers choose each backend exactly by its weight', () => {
  const anyWeights = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 16 })
  fc.assert(
    fc.property(anyWeights, (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      let i = 0
      const pick = createWeightedPick(
        weights.map((weight, value) => ({ weight, value })),
        () => (i++ + 0.5) / total,
      )
      const counts = weights.map(() => 0)
      for (let n = 0; n < total; n++) counts[pick() as number]! += 1
      expect(counts).toEqual(weights)
    }),
    { numRuns: 200 },
  )
})

test('a random number on the border of two shares belongs to the second', () => {
  const backends = [1, 1, 2].map((weight, value) => ({ weight, value }))
  const picks = [0, 0.25, 0.5, 0.75].map((luck) => createWeightedPick(backends, () => luck)())
  expect(picks).toEqual([0, 1, 2, 2])
})

test('the ends of the random range stay within the weighted backends', () => {
  const backends = [0, 3, 0, 1_000_000, 0].map((weight, value) => ({ weight, value }))
  expect(createWeightedPick(backends, () => 0)()).toBe(1)
  expect(createWeightedPick(backends, () => 1 - Number.EPSILON / 2)()).toBe(3)
})
