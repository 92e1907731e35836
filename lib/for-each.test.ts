import { expect, test } from 'vitest'
import { forEachLimited } from './for-each.ts'

test('every item is worked on once, with no more than the limit at a time', async () => {
  const seen: number[] = []
  let active = 0
  let most = 0
  await forEachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    active += 1
    most = Math.max(most, active)
    await new Promise(setImmediate)
    active -= 1
    seen.push(item)
  })
  expect(seen.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(most).toBe(3)
})

test('it fails as its first failure does', async () => {
  const work = async (item: number) => {
    if (item > 1) throw new Error(`item ${item}`)
  }
  await expect(forEachLimited([1, 2, 3], 1, work)).rejects.toThrow('item 2')
})

test('without items there is nothing to wait for', async () => {
  await forEachLimited([], 4, () => Promise.reject(new Error('called')))
})
