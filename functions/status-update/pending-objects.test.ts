import { beforeEach, expect, test } from 'vitest'
import { createPendingObjects, type PendingObjects } from './pending-objects.ts'

const version = (name: string, generation = 1) => ({
  kind: 'APIRoute',
  namespace: 'shop',
  name,
  uid: 'u',
  generation,
})

let now: number
let pending: PendingObjects

beforeEach(() => {
  now = 0
  pending = createPendingObjects(100, () => now)
})

const overdueAt = (ms: number) => {
  now = ms
  return pending.overdue(ms).map(({ name, generation }) => `${name} ${generation}`)
}

test('an object is overdue after its time, then after twice as long each time', () => {
  pending.add(version('a'))
  expect(overdueAt(99)).toEqual([])
  expect(overdueAt(100)).toEqual(['a 1'])
  expect(overdueAt(299)).toEqual([])
  expect(overdueAt(300)).toEqual(['a 1'])
  expect(overdueAt(699)).toEqual([])
  expect(overdueAt(700)).toEqual(['a 1'])
})

test('it is asked for at least once a minute', () => {
  pending.add(version('a'))
  for (let ms = 0; ms < 1_000_000; ms += 60_000) overdueAt(ms)
  expect(overdueAt(1_020_000)).toEqual(['a 1'])
})

test('adding it again changes nothing, a new generation starts anew', () => {
  pending.add(version('a'))
  now = 50
  pending.add(version('a'))
  expect(overdueAt(100)).toEqual(['a 1'])
  pending.add(version('a', 2))
  expect(overdueAt(199)).toEqual([])
  expect(overdueAt(200)).toEqual(['a 2'])
})

test('what is settled is no longer pending, nor is what was before it', () => {
  pending.add(version('a', 2))
  expect(pending.isSettled(version('a', 2))).toBe(false)
  pending.settle(version('a', 2))
  expect(pending.isSettled(version('a', 1))).toBe(true)
  expect(pending.isSettled(version('a', 2))).toBe(true)
  expect(pending.isSettled(version('a', 3))).toBe(false)
  expect(pending.isSettled({ ...version('a'), uid: 'another' })).toBe(false)
  expect(overdueAt(100)).toEqual([])
})

test('what is settled can become pending again', () => {
  pending.settle(version('a'))
  pending.add(version('a'))
  expect(pending.isSettled(version('a'))).toBe(false)
  expect(overdueAt(100)).toEqual(['a 1'])
})

test('what is deleted is no longer pending', () => {
  pending.add(version('a'))
  pending.add(version('b'))
  pending.delete('APIRoute/shop/a')
  expect([...pending.versions()]).toEqual([version('b')])
  expect(overdueAt(100)).toEqual(['b 1'])
})
