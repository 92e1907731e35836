import { expect, test } from 'vitest'
import type { Claim } from './limit-store.ts'
import { toWindow } from './limit-window.ts'
import { createLocalStore } from './local-store.ts'

const MINUTE = 60_000

const claim = (key: string, nowMs: number, amount = 1): Claim => ({
  key,
  window: toWindow('Minute', nowMs),
  max: 5,
  amount,
})

test('with as many counters as it may hold, a new one is denied and the old ones go on', async () => {
  const store = createLocalStore(2)
  await store.reserve([claim('a', 0), claim('b', 0)], 0)
  expect(await store.reserve([claim('a', 0), claim('c', 0)], 1)).toEqual({
    isGranted: false,
    deniedIndex: 1,
  })
  expect(await store.reserve([claim('a', 0)], 2)).toEqual({ isGranted: true, used: [2] })
})

test('what ended makes room', async () => {
  const store = createLocalStore(2)
  await store.reserve([claim('a', 0), claim('b', 0)], 0)
  const later = [claim('c', MINUTE), claim('d', MINUTE)]
  expect(await store.reserve(later, MINUTE)).toEqual({ isGranted: true, used: [1, 1] })
  expect((await store.reserve([claim('e', MINUTE)], MINUTE)).isGranted).toBe(false)
})

test('to settle what ended makes no counter', async () => {
  const store = createLocalStore(1)
  const { key, window } = claim('a', 0)
  await store.reserve([claim('a', 0)], 0)
  await store.settle([{ key, window, delta: 3 }], MINUTE)
  expect((await store.reserve([claim('b', MINUTE)], MINUTE)).isGranted).toBe(true)
})

test('it holds 100,000 counters', async () => {
  const store = createLocalStore()
  const claims = Array.from({ length: 100_000 }, (_, index) => claim(String(index), 0))
  expect((await store.reserve(claims, 0)).isGranted).toBe(true)
  expect((await store.reserve([claim('one more', 0)], 0)).isGranted).toBe(false)
})
