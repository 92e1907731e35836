import { expect, test } from 'vitest'
import { duration, toMs, toResourceType } from './common.ts'

test.each([
  ['0s', 0],
  ['1ms', 1],
  ['10s', 10_000],
  ['1m', 60_000],
  ['1h30m', 5_400_000],
  ['1h2m3s4ms', 3_723_004],
  ['1s1s', 2000],
])('%s is %i ms', (text, ms) => {
  expect(duration.safeParse(text).success).toBe(true)
  expect(toMs(text)).toBe(ms)
})

test('no duration is no number', () => {
  expect(toMs(undefined)).toBeUndefined()
})

test.each(['', '5', 's', '1.5s', '-1s', '1d', '100000s', '1s1s1s1s1s', '1 s'])(
  '%j is no duration',
  (text) => {
    expect(duration.safeParse(text).success).toBe(false)
  },
)

test('a kind is served under its plural', () => {
  expect(toResourceType({ kind: 'APIRoute', plural: 'apiroutes' })).toEqual({
    group: 'penstock.dev',
    version: 'v1alpha1',
    kind: 'APIRoute',
    plural: 'apiroutes',
  })
})
