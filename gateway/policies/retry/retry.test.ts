import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CompiledRetry } from '#config/compiled/api-route.ts'
import { createRetryPolicy, type FailedTry, parseRetryAfter } from './retry.ts'

const policyWith = (part: Partial<CompiledRetry> = {}, random = () => 0.5) =>
  createRetryPolicy(
    {
      attempts: 3,
      codes: [502, 503],
      backoffMs: 100,
      methods: ['GET', 'PUT'],
      budget: { percent: 20, intervalMs: 10_000, minRetryRate: 10 },
      ...part,
    },
    () => 1000,
    random,
  )

const failed = (part: Partial<FailedTry> = {}): FailedTry => ({
  attempt: 0,
  method: 'GET',
  sent: true,
  bodyReplayable: true,
  responseStarted: false,
  failure: { kind: 'error' },
  remainingMs: 10_000,
  ...part,
})

const status = (code: number, retryAfterMs?: number): Partial<FailedTry> => ({
  failure: { kind: 'status', status: code, ...(retryAfterMs !== undefined && { retryAfterMs }) },
})

describe('decide', () => {
  test.each<[string, Partial<FailedTry>]>([
    ['a failed connection', { sent: false }],
    ['a connection lost while a repeatable method was under way', {}],
    ['a listed status', status(503)],
    ['a method that is not listed, when nothing was sent', { method: 'POST', sent: false }],
    ['the last attempt', { attempt: 2 }],
    ['a request without a timeout', { remainingMs: Number.POSITIVE_INFINITY }],
  ])('%s is tried again', (_, part) => {
    expect(policyWith().decide(failed(part))).toMatchObject({ retry: true })
  })

  test.each<[string, Partial<FailedTry>, string]>([
    ['a response that has begun', { responseStarted: true, sent: false }, 'response-started'],
    ['a request without attempts left', { attempt: 3 }, 'attempts-spent'],
    ['a status that is not listed', status(500), 'status-not-listed'],
    ['a method that is not listed, once sent', { method: 'POST' }, 'method-not-repeatable'],
    [
      'a method that is not listed, once answered',
      { method: 'POST', sent: false, ...status(503) },
      'method-not-repeatable',
    ],
    ['a body that is gone', { bodyReplayable: false, sent: false }, 'body-not-replayable'],
    ['a delay that ends with the request', { remainingMs: 60 }, 'no-time-left'],
    ['a request whose time is over', { remainingMs: -1 }, 'no-time-left'],
    ['a Retry-After beyond the request', status(503, 10_000), 'no-time-left'],
    [
      'a Retry-After that no client waits for',
      { remainingMs: Number.POSITIVE_INFINITY, ...status(503, 3_600_000) },
      'no-time-left',
    ],
  ])('%s is not tried again', (_, part, reason) => {
    expect(policyWith().decide(failed(part))).toEqual({ retry: false, reason })
  })

  test('the first reason counts', () => {
    const all = failed({ responseStarted: true, attempt: 9, bodyReplayable: false, remainingMs: 0 })
    expect(policyWith().decide(all)).toEqual({ retry: false, reason: 'response-started' })
  })

  test('only a yes takes from the budget, and requests earn it', () => {
    const policy = policyWith({ budget: { percent: 20, intervalMs: 10_000, minRetryRate: 0 } })
    const refused = { retry: false, reason: 'budget-spent' }
    expect(policy.decide(failed())).toEqual(refused)
    for (let i = 0; i < 5; i++) policy.onRequest()
    policy.decide(failed({ responseStarted: true }))
    expect(policy.decide(failed())).toMatchObject({ retry: true })
    expect(policy.decide(failed())).toEqual(refused)
  })
})

describe('delay', () => {
  test('doubles with each attempt', () => {
    const policy = policyWith({}, () => 1 - Number.EPSILON)
    const delays = [0, 1, 2].map((attempt) => policy.decide(failed({ attempt })))
    expect(delays.map((decision) => decision.retry && Math.round(decision.delayMs))).toEqual([
      100, 200, 400,
    ])
  })

  test('stays between a quarter and all of the backoff, Retry-After and the time left', () => {
    const input = fc.record({
      attempt: fc.nat({ max: 4 }),
      backoffMs: fc.nat({ max: 60_000 }),
      luck: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      retryAfterMs: fc.nat({ max: 120_000 }),
      remainingMs: fc.nat({ max: 120_000 }),
    })
    let yes = 0
    fc.assert(
      fc.property(input, ({ attempt, backoffMs, luck, retryAfterMs, remainingMs }) => {
        const policy = policyWith({ attempts: 5, backoffMs }, () => luck)
        const part = { attempt, remainingMs, ...status(503, retryAfterMs) }
        const decision = policy.decide(failed(part))
        const full = backoffMs * 2 ** attempt
        if (!decision.retry) {
          expect(Math.max(full, retryAfterMs)).toBeGreaterThanOrEqual(Math.min(remainingMs, 60_000))
          return
        }
        yes++
        expect(decision.delayMs).toBeGreaterThanOrEqual(Math.max(full / 4, retryAfterMs))
        expect(decision.delayMs).toBeLessThanOrEqual(Math.max(full, retryAfterMs))
        expect(decision.delayMs).toBeLessThan(remainingMs)
        expect(decision.delayMs).toBeLessThanOrEqual(60_000)
      }),
      { numRuns: 500 },
    )
    expect(yes).toBeGreaterThan(0)
  })
})

describe('Retry-After', () => {
  const nowMs = Date.UTC(1994, 10, 6, 8, 49, 30)
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 7_000],
    ['Sun Nov  6 08:49:37 1994', 7_000],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['1994', 1_994_000],
    ['soon', undefined],
    ['Sun', undefined],
    ['2030-01-01', undefined],
  ])('%j means %s ms', (value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected)
  })
})
