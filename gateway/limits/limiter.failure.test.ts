import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  amounts,
  caller,
  isAdmitted,
  limitOf,
  NOW,
  remaining,
  settle,
} from '#test/fixtures/limited-calls.ts'
import type { LimitStore } from './limit-store.ts'
import { createLimiter } from './limiter.ts'
import { createLocalStore } from './local-store.ts'

describe('while the store fails', () => {
  /** Fails, or does not answer, until it is told to. */
  const createFailing = () => {
    const shared = createLocalStore()
    const failing = { mode: 'fail' as 'fail' | 'work' }
    const errors: unknown[] = []
    const store: LimitStore = {
      reserve: async (...call) => {
        if (failing.mode === 'fail') throw new Error('gone')
        return shared.reserve(...call)
      },
      settle: async (...call) => {
        if (failing.mode === 'fail') throw new Error('gone')
        return shared.settle(...call)
      },
    }
    const onStoreError = (error: unknown) => errors.push(error)
    const limiter = createLimiter({
      store,
      local: createLocalStore(),
      onStoreError,
      now: () => NOW,
    })
    return { failing, errors, limiter }
  }

  test('a limit with Allow is none', async () => {
    const { limiter, errors } = createFailing()
    const limits = [limitOf({ max: 1, onStoreFailure: 'Allow' })]
    const admission = await limiter.admit(limits, caller, amounts(500))
    expect(admission).toMatchObject({ remaining: [] })
    settle(admission, amounts(600))
    expect(errors).toHaveLength(1)
  })

  test('a limit with Deny denies, for a second', async () => {
    const { limiter } = createFailing()
    const limits = [limitOf(), limitOf({ onStoreFailure: 'Deny' })]
    expect(await limiter.admit(limits, caller, amounts(1))).toEqual({
      denied: { limit: limits[1], retryAfterMs: 1000 },
    })
  })

  test('a limit with Local counts in this replica, and settles there', async () => {
    const { limiter } = createFailing()
    const limits = [limitOf()]
    const admission = await limiter.admit(limits, caller, amounts(80))
    expect(remaining(admission)).toEqual([20])
    expect(isAdmitted(await limiter.admit(limits, caller, amounts(30)))).toBe(false)
    settle(admission, amounts(50))
    expect(remaining(await limiter.admit(limits, caller, amounts(30)))).toEqual([20])
  })

  test('limits that share a counter each do what they say', async () => {
    const { limiter } = createFailing()
    const local = limitOf()
    const limits = [local, { ...local, max: 10, onStoreFailure: 'Allow' as const }]
    expect(remaining(await limiter.admit(limits, caller, amounts(90)))).toEqual([10])
    expect(isAdmitted(await limiter.admit(limits, caller, amounts(90)))).toBe(false)
  })

  test('it is used again when it comes back', async () => {
    const { limiter, failing } = createFailing()
    const limits = [limitOf()]
    await limiter.admit(limits, caller, amounts(80))
    failing.mode = 'work'
    expect(remaining(await limiter.admit(limits, caller, amounts(80)))).toEqual([20])
  })

  test('a call that was counted there and cannot be settled is told, and goes on', async () => {
    const { limiter, failing, errors } = createFailing()
    failing.mode = 'work'
    const admission = await limiter.admit([limitOf()], caller, amounts(80))
    failing.mode = 'fail'
    settle(admission, amounts(20))
    await vi.waitFor(() => expect(errors).toHaveLength(1))
  })
})

describe('while the store is slow', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Answers after a time. */
  const createSlow = (delayMs: number) => {
    const shared = createLocalStore()
    const errors: unknown[] = []
    const store: LimitStore = {
      reserve: async (...call) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs))
        return shared.reserve(...call)
      },
      settle: (...call) => shared.settle(...call),
    }
    const limiter = createLimiter({
      store,
      local: createLocalStore(),
      onStoreError: (error) => errors.push(error),
      now: () => NOW,
    })
    return { shared, errors, limiter }
  }

  test('a call waits for 250 ms', async () => {
    const { limiter, errors } = createSlow(249)
    const admission = limiter.admit([limitOf()], caller, amounts(10))
    await vi.advanceTimersByTimeAsync(249)
    expect(remaining(await admission)).toEqual([90])
    expect(errors).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('and no longer; what it was granted too late is given back', async () => {
    const { shared, limiter, errors } = createSlow(1000)
    const limits = [limitOf({ max: 10, onStoreFailure: 'Deny' })]
    const admission = limiter.admit(limits, caller, amounts(10))
    await vi.advanceTimersByTimeAsync(250)
    expect(await admission).toMatchObject({ denied: { retryAfterMs: 1000 } })
    expect(errors).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1000)
    const fast = createLimiter({
      store: shared,
      local: shared,
      onStoreError: () => {},
      now: () => NOW,
    })
    expect(remaining(await fast.admit(limits, caller, amounts(10)))).toEqual([0])
  })
})
