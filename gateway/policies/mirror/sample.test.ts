import { expect, test } from 'vitest'
import { createSampler } from './sample.ts'

/** How many of a thousand evenly spread random numbers are sampled. */
const count = (percent: number): number => {
  let i = 0
  const sample = createSampler(percent, () => i++ / 1000)
  return Array.from({ length: 1000 }, sample).filter(Boolean).length
}

test.each([0, 1, 25, 50, 99, 100])('%i percent are that many of a hundred', (percent) => {
  expect(count(percent)).toBe(percent * 10)
})
