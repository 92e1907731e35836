import { expect, test } from 'vitest'
import { createBreaker } from './breaker.ts'

const start = (failures = 3) => createBreaker({ failures, cooldownMs: 1000 })

test('it opens after so many failures in a row', () => {
  const breaker = start()
  breaker.failed(0)
  breaker.failed(0)
  expect(breaker.admit(0)).toBe(0)
  breaker.failed(0)
  expect(breaker.admit(400)).toBe(600)
})

test('a success between failures starts the count anew', () => {
  const breaker = start()
  breaker.failed(0)
  breaker.failed(0)
  breaker.succeeded()
  breaker.failed(0)
  breaker.failed(0)
  expect(breaker.admit(0)).toBe(0)
})

test('after the cooldown one call is tried, and the others wait for what becomes of it', () => {
  const breaker = start(1)
  breaker.failed(0)
  expect(breaker.admit(1000)).toBe(0)
  expect(breaker.admit(1000)).toBeGreaterThan(0)
  breaker.succeeded()
  expect(breaker.admit(1000)).toBe(0)
})

test('a failed try opens it again, and one that never ends does not keep it open', () => {
  const breaker = start(1)
  breaker.failed(0)
  expect(breaker.admit(1000)).toBe(0)
  breaker.failed(1500)
  expect(breaker.admit(2000)).toBe(500)
  expect(breaker.admit(2500)).toBe(0)
  expect(breaker.admit(60_000)).toBe(0)
})

test('it never opens when no number of failures is given', () => {
  const breaker = start(0)
  for (let left = 100; left > 0; left -= 1) breaker.failed(0)
  expect(breaker.admit(0)).toBe(0)
})

test('it rests until the provider said', () => {
  const breaker = start()
  breaker.rest(5000)
  expect([breaker.admit(1000), breaker.isResting]).toEqual([4000, true])
  expect(breaker.admit(5000)).toBe(0)
})

test('a tried call that says nothing of the model lets another one be tried', () => {
  const breaker = start(1)
  breaker.failed(0)
  expect(breaker.admit(1000)).toBe(0)
  breaker.cancelled()
  expect(breaker.admit(1000)).toBe(0)
  expect(breaker.admit(1000)).toBeGreaterThan(0)
})
