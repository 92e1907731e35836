import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { backoffMs, retry, sleep } from './retry.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.each([
  [0, 50],
  [1, 100],
  [6, 3200],
  [7, 5000],
  [1000, 5000],
])('after %i failures the wait is up to %i ms, and at least half of it', (failures, most) => {
  for (let i = 0; i < 100; i += 1) {
    const ms = backoffMs(failures)
    expect(ms).toBeLessThanOrEqual(most)
    expect(ms).toBeGreaterThanOrEqual(most / 2)
  }
})

test('it is tried until it succeeds, and each failure is told', async () => {
  const failures: unknown[] = []
  let left = 3
  const result = retry(
    async () => {
      left -= 1
      if (left > 0) throw new Error(`${left} left`)
      return 'done'
    },
    new AbortController().signal,
    (error) => failures.push(error),
  )
  await vi.runAllTimersAsync()
  expect(await result).toBe('done')
  expect(failures.map(String)).toEqual(['Error: 2 left', 'Error: 1 left'])
})

test('an abort ends the wait between two tries', async () => {
  vi.useRealTimers()
  const abort = new AbortController()
  const work = () => Promise.reject(new Error('never'))
  expect(await retry(work, abort.signal, () => abort.abort())).toBeUndefined()
})

test('nothing is tried after an abort', async () => {
  const work = vi.fn(async () => 1)
  expect(await retry(work, AbortSignal.abort(), () => undefined)).toBeUndefined()
  expect(work).not.toHaveBeenCalled()
  await sleep(1_000_000, AbortSignal.abort())
})
