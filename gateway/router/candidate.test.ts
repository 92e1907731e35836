import { expect, it } from 'vitest'
import type { CompiledMatch } from '#config/compiled/api-route.ts'
import { accepts, toCandidates } from './candidate.ts'
import { toEntry, toMatch, toRequest, toValues } from './fixtures.ts'
import { RequestProbe, type RouteRequest } from './request-probe.ts'

const isFor = (match: CompiledMatch, request: Partial<RouteRequest>): boolean =>
  toCandidates(toEntry('x', [match])).some((candidate) =>
    accepts(candidate, new RequestProbe(toRequest('h/', request))),
  )

it.each([
  ['X-Env=a', { 'x-env': 'a' }, true],
  ['x-env=a', { 'x-env': 'A' }, false],
  ['x-env=a', { 'x-env': 'ab' }, false],
  ['x-env=a', {}, false],
  ['x-env=a, b', { 'x-env': ['a', 'b'] }, true],
  ['x-env~a.', { 'x-env': 'ab' }, true],
  ['x-env~a', { 'x-env': 'ab' }, false],
  ['constructor~.*', {}, false],
  ['__proto__~.*', {}, false],
])('header %s for %o: %s', (header, headers, expected) => {
  expect(isFor(toMatch('^', { headers: toValues(header) }), { headers })).toBe(expected)
})

it.each([
  ['q=1', 'q=1', true],
  ['q=1', 'Q=1', false],
  ['q=1', 'p=0&q=1', true],
  ['q=1', 'q=2&q=1', false],
  ['q=1', '', false],
  ['q=a b', 'q=a+b', true],
  ['q=a b', 'q=a%20b', true],
  ['qé=ü', 'q%C3%A9=%C3%BC', true],
  ['q=%zz', 'q=%zz', true],
  ['q=1', '?q=1', false],
  ['q~[0-9]+', 'q=42', true],
  ['q~[0-9]+', 'q=42a', false],
])('query parameter %s for %s: %s', (param, query, expected) => {
  expect(isFor(toMatch('^', { queryParams: toValues(param) }), { query })).toBe(expected)
})

it('all conditions must hold', () => {
  const match = toMatch('^', { headers: toValues('a=1', 'b=2'), queryParams: toValues('q=1') })
  expect(isFor(match, { headers: { a: '1', b: '2' }, query: 'q=1' })).toBe(true)
  expect(isFor(match, { headers: { a: '1' }, query: 'q=1' })).toBe(false)
  expect(isFor(match, { headers: { a: '1', b: '2' } })).toBe(false)
})
