import { expect, it } from 'vitest'
import type { RouteEntry } from './candidate.ts'
import { toEntry, toMatch, toRequest, toValues } from './fixtures.ts'
import { createRouteIndex } from './route-index.ts'

const indexOf = (...entries: RouteEntry<string>[]) => {
  const index = createRouteIndex<string>()
  for (const entry of entries) index.set(entry)
  return index
}

const everything = toMatch('^')

it('replaces the entry with the same key', () => {
  const index = indexOf(toEntry('x', [toMatch('^/a'), toMatch('^/b')]))
  index.set(toEntry('x', [toMatch('^/a'), toMatch('^/b')], { value: 'newer' }))
  expect(index.match(toRequest('h/a'))?.value).toBe('newer')
  index.set(toEntry('x', [toMatch('^/b')], { value: 'new' }))
  expect(index.match(toRequest('h/a'))).toBeUndefined()
  expect(index.match(toRequest('h/b'))?.value).toBe('new')
  expect(index.size).toBe(1)
  expect([...index.entries()].map(({ value }) => value)).toEqual(['new'])
})

it('forgets a deleted entry, and ignores an unknown one', () => {
  const index = indexOf(toEntry('x', [everything]), toEntry('y', [everything]))
  index.delete('APIRoute/default/x')
  index.delete('APIRoute/default/unknown')
  expect(index.match(toRequest('h/'))?.value).toBe('y')
  expect(index.size).toBe(1)
})

it.each([
  ['a backreference in a path', toMatch('~/(a)\\1')],
  ['a lookahead in a path', toMatch('~/(?=a)a')],
  ['a lookbehind in a header', toMatch('^', { headers: toValues('x~(?<=a)b') })],
  [
    'a possessive quantifier in a query parameter',
    toMatch('^', { queryParams: toValues('x~a++') }),
  ],
  ['a pattern that unrolls to too much', toMatch('~/((abcdefghi){30}){30}')],
  ['an unfinished group', toMatch('~/(')],
])('refuses %s and keeps what was there', (_, bad) => {
  const index = indexOf(toEntry('x', [everything], { value: 'old' }))
  expect(() => index.set(toEntry('x', [toMatch('^/new'), bad]))).toThrow()
  expect(() => index.set(toEntry('y', [toMatch('^/new'), bad]))).toThrow()
  expect(index.match(toRequest('h/new'))?.value).toBe('old')
  expect(index.size).toBe(1)
})
