import { expect, test } from 'vitest'
import { createCoalescer } from './coalesce.ts'

/** Work that ends when told to, and notes how much of it runs at once. */
const createWork = () => {
  const runs: PromiseWithResolvers<number>[] = []
  let active = 0
  let most = 0
  return {
    runs,
    get most() {
      return most
    },
    coalesced: createCoalescer(async () => {
      const run = Promise.withResolvers<number>()
      runs.push(run)
      active += 1
      most = Math.max(most, active)
      try {
        return await run.promise
      } finally {
        active -= 1
      }
    }),
  }
}

const turn = () => new Promise(setImmediate)

test('calls made during a run share the next one', async () => {
  const { coalesced, runs } = createWork()
  const first = coalesced('a')
  const later = [coalesced('a'), coalesced('a'), coalesced('a')]
  expect(runs).toHaveLength(1)
  runs[0]?.resolve(1)
  expect(await first).toBe(1)
  await turn()
  expect(runs).toHaveLength(2)
  runs[1]?.resolve(2)
  expect(await Promise.all(later)).toEqual([2, 2, 2])
})

test('keys do not wait for each other', () => {
  const { coalesced, runs } = createWork()
  void coalesced('a')
  void coalesced('b')
  expect(runs).toHaveLength(2)
})

test('a failed run fails its callers only', async () => {
  const { coalesced, runs } = createWork()
  const first = coalesced('a')
  const second = coalesced('a')
  runs[0]?.reject(new Error('broken'))
  await expect(first).rejects.toThrow('broken')
  await turn()
  runs[1]?.resolve(2)
  expect(await second).toBe(2)
})

test('a call right after a run, with another waiting, joins that one', async () => {
  const work = createWork()
  const { coalesced, runs } = work
  const again = coalesced('a').then(() => coalesced('a'))
  const waiting = coalesced('a')
  runs[0]?.resolve(1)
  await turn()
  for (const run of runs.slice(1)) run.resolve(2)
  expect(await Promise.all([again, waiting])).toEqual([2, 2])
  expect(work.most).toBe(1)
  expect(runs).toHaveLength(2)
})
