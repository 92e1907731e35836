import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRetryBudget } from './budget.ts'

const setUp = (percent: number, minRetryRate: number, intervalMs = 10_000) => {
  const clock = { ms: 5_000_000 }
  const budget = createRetryBudget({ percent, intervalMs, minRetryRate }, () => clock.ms)
  const requests = (n: number) => {
    for (let i = 0; i < n; i++) budget.onRequest()
  }
  const takeAll = () => {
    let n = 0
    while (n < 10_000 && budget.take()) n++
    return n
  }
  return { clock, budget, requests, takeAll }
}

test('a quiet route has its minimum rate', () => {
  expect(setUp(20, 3).takeAll()).toBe(30)
})

test('a busy route has its share of the requests', () => {
  const { requests, takeAll } = setUp(20, 3)
  requests(1000)
  expect(takeAll()).toBe(200)
})

test('without percent and minimum nothing is retried', () => {
  const { requests, takeAll } = setUp(0, 0)
  requests(1000)
  expect(takeAll()).toBe(0)
})

test('the budget comes back when the interval has passed', () => {
  const { clock, takeAll } = setUp(0, 1)
  expect(takeAll()).toBe(10)
  clock.ms += 8_900
  expect(takeAll()).toBe(0)
  clock.ms += 1_100
  expect(takeAll()).toBe(10)
})

test('requests that are too old earn no retries', () => {
  const { clock, requests, takeAll } = setUp(50, 0)
  requests(100)
  clock.ms += 5_000
  requests(20)
  clock.ms += 5_000
  expect(takeAll()).toBe(10)
  clock.ms += 1e9
  expect(takeAll()).toBe(0)
})

test('nothing is left after a long pause', () => {
  const { clock, requests, takeAll } = setUp(100, 0)
  for (let i = 0; i < 10; i++) {
    requests(1)
    clock.ms += 1000
  }
  clock.ms += 60_000
  expect(takeAll()).toBe(0)
})

test('a clock that goes back does no harm', () => {
  const { clock, requests, takeAll } = setUp(100, 0)
  requests(5)
  clock.ms -= 60_000
  requests(5)
  clock.ms += 60_000
  expect(takeAll()).toBe(10)
})

test('in no interval are there more retries than it allows', () => {
  const step = fc.record({ waitMs: fc.nat({ max: 300 }), retry: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), fc.nat({ max: 100 }), (steps, percent) => {
      const { clock, budget } = setUp(percent, 2, 1000)
      const requestedAt: number[] = []
      const retriedAt: number[] = []
      for (const { waitMs, retry } of steps) {
        clock.ms += waitMs
        if (!retry) {
          budget.onRequest()
          requestedAt.push(clock.ms)
        } else if (budget.take()) {
          retriedAt.push(clock.ms)
          const recent = (times: number[], ms: number) =>
            times.filter((time) => time > clock.ms - ms).length
          // The oldest of ten buckets is a partial one: at least 900 ms of retries are counted.
          const allowed = Math.max(2, (recent(requestedAt, 1000) * percent) / 100)
          expect(recent(retriedAt, 900)).toBeLessThanOrEqual(Math.ceil(allowed))
        }
      }
    }),
  )
})
