import { parse } from '@marcbachmann/cel-js'
import { expect, test } from 'vitest'
import type { cel } from './common.ts'
import { limits } from './limit.ts'

const minimal = { per: [], requests: 1, window: 'Minute' }

test('a limit is counted locally while the store fails, if nothing else is said', () => {
  expect(limits.parse([minimal])).toEqual([{ ...minimal, onStoreFailure: 'Local' }])
})

test.each([
  [{ ...minimal, requests: 0 }],
  [{ ...minimal, requests: 1.5 }],
  [{ ...minimal, requests: 2 ** 53 }],
  [{ ...minimal, cost: '1.2345678' }],
  [{ ...minimal, cost: 5 }],
  [{ ...minimal, window: 'Week' }],
  [{ ...minimal, name: 'no/name' }],
  [{ ...minimal, per: ['Consumer', 'Key'] }],
  [{ requests: 1, window: 'Minute' }],
])('%j is no limit', (limit) => {
  expect(limits.safeParse([limit]).success).toBe(false)
})

test('there are at most 16', () => {
  expect(limits.safeParse(Array(16).fill(minimal)).success).toBe(true)
  expect(limits.safeParse(Array(17).fill(minimal)).success).toBe(false)
})

const { 'x-kubernetes-validations': rules } = limits.element.meta() as ReturnType<typeof cel>
const [rule] = rules

test.each([
  [{ requests: 1 }, true],
  [{ cost: '1' }, true],
  [{}, false],
  [{ requests: 1, tokens: 1 }, false],
  [{ requests: 1, tokens: 1, inputTokens: 1, outputTokens: 1, cost: '1' }, false],
])('the API server’s answer to %j is %j', (self, isValid) => {
  expect(parse(rule?.rule ?? '')({ self })).toBe(isValid)
})
