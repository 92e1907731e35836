import { expect, test } from 'vitest'
import { toSimilarity, toUnitVector } from './vector.ts'
import { VectorIndex } from './vector-index.ts'

const toVector = (...numbers: number[]) => toUnitVector(numbers) ?? expect.fail('no direction')
/** A vector whose cosine with (1, 0) is this. */
const at = (cosine: number) => toVector(cosine, Math.sqrt(1 - cosine * cosine))
const EAST = at(1)
const everyOne = () => true

const createIndex = (cosines: Record<string, number>, group = 'g') => {
  const index = new VectorIndex()
  for (const [key, cosine] of Object.entries(cosines)) index.set(key, { group, vector: at(cosine) })
  return index
}

test.each([
  [0.95, 'b'],
  [0.97, 'b'],
  [0.99, undefined],
])('with a threshold of %d the nearest is %j', (threshold, key) => {
  const index = createIndex({ a: 0.96, b: 0.98, c: 0.5 })
  expect(index.findNearest({ group: 'g', vector: EAST }, threshold, everyOne)).toBe(key)
})

test('one of another group, or of another length, is never found', () => {
  const index = createIndex({ a: 1 })
  index.set('b', { group: 'g', vector: toVector(1, 0, 0) })
  expect(index.findNearest({ group: 'other', vector: EAST }, 0.5, everyOne)).toBeUndefined()
  expect(index.findNearest({ group: 'g', vector: toVector(1) }, 0.5, everyOne)).toBeUndefined()
})

test('what is not alive is passed over', () => {
  const index = createIndex({ a: 0.98, b: 0.99 })
  const near = { group: 'g', vector: EAST }
  expect(index.findNearest(near, 0.5, (key) => key !== 'b')).toBe('a')
})

test('of equal ones the newest is found', () => {
  const index = createIndex({ a: 0.9, b: 0.9 })
  expect(index.findNearest({ group: 'g', vector: EAST }, 0.5, everyOne)).toBe('b')
})

test('rounding does not part a vector from itself', () => {
  for (let size = 1; size < 300; size += 1) {
    const vector = toVector(...Array.from({ length: size }, (_, i) => Math.sin(i + size) / 3))
    const index = new VectorIndex()
    index.set('a', { group: 'g', vector })
    expect(index.findNearest({ group: 'g', vector: vector.slice() }, 1, everyOne)).toBe('a')
  }
})

test('of too many the oldest goes, in a group and in all', () => {
  const index = new VectorIndex({ maxVectors: 3, maxInGroup: 2 })
  const keys = () => ['a', 'b', 'c', 'd', 'e'].filter((key) => index.find(key)).join('')
  for (const key of ['a', 'b', 'c']) index.set(key, { group: 'g', vector: EAST })
  expect(keys()).toBe('bc')
  index.set('d', { group: 'h', vector: EAST })
  index.set('e', { group: 'h', vector: EAST })
  expect(keys()).toBe('cde')
  expect(index.bytes).toBe(3 * EAST.byteLength)
})

test('what has gone takes no room and is not found', () => {
  const index = createIndex({ a: 1 })
  index.set('a', { group: 'h', vector: EAST })
  expect(index.findNearest({ group: 'g', vector: EAST }, 0.5, everyOne)).toBeUndefined()
  expect(index.bytes).toBe(EAST.byteLength)
  index.delete('a')
  index.delete('a')
  expect(index.findNearest({ group: 'h', vector: EAST }, 0.5, everyOne)).toBeUndefined()
  expect(index.bytes).toBe(0)
})

test.each([[[]], [[0, 0]], [[Number.NaN, 1]], [[Number.POSITIVE_INFINITY]], [[1e200, 1e200]]])(
  '%j has no direction',
  (numbers) => {
    expect(toUnitVector(numbers)).toBeUndefined()
  },
)

test('the cosine does not depend on lengths', () => {
  expect(toSimilarity(toVector(3, 4), toVector(40, 30))).toBeCloseTo(0.96)
  expect(toSimilarity(toVector(1, 0), toVector(-5, 0))).toBeCloseTo(-1)
})
