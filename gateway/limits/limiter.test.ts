import { expect, test } from 'vitest'
import {
  amounts,
  caller,
  isAdmitted,
  limitOf,
  NOW,
  remaining,
  settle,
} from '#test/fixtures/limited-calls.ts'
import { NO_AMOUNTS } from './amounts.ts'
import { createLimiter } from './limiter.ts'
import { createLocalStore } from './local-store.ts'

const createLocalLimiter = (now = () => NOW) => {
  const local = createLocalStore()
  return createLimiter({ store: local, local, onStoreError: () => {}, now })
}

test('a call without limits waits for nothing', () => {
  const admission = createLocalLimiter().admit([], caller, amounts(1))
  expect(admission).not.toBeInstanceOf(Promise)
  expect(admission).toMatchObject({ remaining: [] })
})

test('a call is told what is left, and until when', async () => {
  const limits = [limitOf(), limitOf({ unit: 'requests', max: 5, window: 'Hour' })]
  expect(await createLocalLimiter().admit(limits, caller, amounts(30))).toMatchObject({
    remaining: [
      { limit: limits[1], amount: 4, resetAfterMs: 39.5 * 60_000 },
      { limit: limits[0], amount: 70, resetAfterMs: 30_000 },
    ],
  })
})

test('a call that does not fit is told which limit it is, and when its window ends', async () => {
  const limits = [limitOf({ unit: 'requests' }), limitOf()]
  expect(await createLocalLimiter().admit(limits, caller, amounts(101))).toEqual({
    denied: { limit: limits[1], retryAfterMs: 30_000 },
  })
})

test('of several limits that deny, the call is told the one that denies longest', async () => {
  const limits = [limitOf({ max: 1 }), limitOf({ max: 1, window: 'Day' }), limitOf({ max: 1 })]
  expect(await createLocalLimiter().admit(limits, caller, amounts(2))).toMatchObject({
    denied: { limit: limits[1] },
  })
})

test('a counter that two limits share counts a call once, and the smaller one holds', async () => {
  const wide = limitOf()
  const limits = [wide, { ...wide, max: 50 }, { ...wide, max: 70 }]
  const limiter = createLocalLimiter()
  expect(remaining(await limiter.admit(limits, caller, amounts(40)))).toEqual([10])
  expect(await limiter.admit(limits, caller, amounts(20))).toMatchObject({
    denied: { limit: limits[1] },
  })
  expect(remaining(await limiter.admit([wide], caller, amounts(20)))).toEqual([40])
})

test('callers are counted apart, by what the limit says', async () => {
  const limiter = createLocalLimiter()
  const limits = [limitOf({ per: ['Team'] })]
  const team = { ...caller, consumer: 'bob' }
  const other = { consumer: 'carol' }
  expect(remaining(await limiter.admit(limits, caller, amounts(60)))).toEqual([40])
  expect(remaining(await limiter.admit(limits, team, amounts(40)))).toEqual([0])
  expect(remaining(await limiter.admit(limits, other, amounts(60)))).toEqual([40])
})

test.each([
  ['less than was thought', 10, [90]],
  ['more than was thought', 70, [30]],
  ['all there was', 100, [0]],
  ['more than there was', 170, undefined],
])('a call that used %s leaves the rest to others', async (_, actual, left) => {
  const limiter = createLocalLimiter()
  const limits = [limitOf()]
  settle(await limiter.admit(limits, caller, amounts(50)), amounts(actual))
  expect(remaining(await limiter.admit(limits, caller, amounts(0)))).toEqual(left)
})

test('a call is settled once', async () => {
  const limiter = createLocalLimiter()
  const limits = [limitOf()]
  const admission = await limiter.admit(limits, caller, amounts(50))
  settle(admission, amounts(40))
  settle(admission, amounts(0))
  expect(remaining(await limiter.admit(limits, caller, amounts(0)))).toEqual([60])
})

test('a call that reached no provider gives its request back too', async () => {
  const limiter = createLocalLimiter()
  const limits = [limitOf({ unit: 'requests', max: 1 })]
  settle(await limiter.admit(limits, caller, amounts(0)), NO_AMOUNTS)
  const second = await limiter.admit(limits, caller, amounts(0))
  expect(isAdmitted(second)).toBe(true)
  settle(second, amounts(0))
  expect(isAdmitted(await limiter.admit(limits, caller, amounts(0)))).toBe(false)
})

test('a call that ends in the next window is counted where it began', async () => {
  let nowMs = NOW
  const limiter = createLocalLimiter(() => nowMs)
  const limits = [limitOf()]
  const early = await limiter.admit(limits, caller, amounts(50))
  nowMs += 60_000
  await limiter.admit(limits, caller, amounts(10))
  settle(early, amounts(100))
  expect(remaining(await limiter.admit(limits, caller, amounts(0)))).toEqual([90])
})
