import { expect, test } from 'vitest'
import { toRetryPolicy } from './retry.ts'

const waits = (policy: ReturnType<typeof toRetryPolicy>) =>
  Array.from({ length: policy.retries }, (_, retry) => policy.waitMs(retry))

test('the default is that of a new Broker: 10 retries in 205 s', () => {
  const policy = toRetryPolicy()
  expect(waits(policy).slice(0, 3)).toEqual([200, 400, 800])
  expect(waits(policy)).toHaveLength(10)
  expect(waits(policy).reduce((sum, wait) => sum + wait, 0)).toBe(204_600)
  expect(policy.timeoutMs).toBeUndefined()
})

test('a linear policy grows by the delay', () => {
  const policy = toRetryPolicy({ retry: 3, backoffPolicy: 'linear', backoffDelay: 'PT1S' })
  expect(waits(policy)).toEqual([0, 1000, 2000])
})

test('a delivery that says nothing of retries has none', () => {
  expect(toRetryPolicy({ timeout: 'PT5S' })).toMatchObject({ retries: 0, timeoutMs: 5000 })
})
