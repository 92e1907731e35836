import { describe, expect, it } from 'vitest'
import type { RouteEntry } from './candidate.ts'
import { toEntry, toMatch, toRequest, toValues } from './fixtures.ts'
import type { RouteRequest } from './request-probe.ts'
import { createRouteIndex } from './route-index.ts'

const indexOf = (...entries: RouteEntry<string>[]) => {
  const index = createRouteIndex<string>()
  for (const entry of entries) index.set(entry)
  return index
}

const everything = toMatch('^')

describe('precedence', () => {
  const header = { headers: toValues('a=1') }
  const sent: Partial<RouteRequest> = { headers: { a: '1', b: '2' } }
  const cases: [string, RouteEntry<string>, RouteEntry<string>][] = [
    [
      'an exact path over a regex',
      toEntry('z', [toMatch('=/a/b')]),
      toEntry('a', [toMatch('~/a/[b-z]+')]),
    ],
    [
      'a regex over a longer prefix',
      toEntry('z', [toMatch('~/a/b')]),
      toEntry('a', [toMatch('^/a/b')]),
    ],
    ['the longer regex', toEntry('z', [toMatch('~/a/[b]')]), toEntry('a', [toMatch('~/.*')])],
    [
      'the longer regex in a folder further up',
      toEntry('z', [toMatch('~/[a-z]+/[b]')]),
      toEntry('a', [toMatch('~/a/b')]),
    ],
    [
      'the longer prefix',
      toEntry('z', [toMatch('^/a/b')]),
      toEntry('a', [toMatch('^/a', { method: 'GET' })]),
    ],
    [
      'a method over headers',
      toEntry('z', [toMatch('^', { method: 'GET' })]),
      toEntry('a', [toMatch('^', header)]),
    ],
    [
      'more headers over more query parameters',
      toEntry('z', [toMatch('^', header)]),
      toEntry('a', [toMatch('^', { queryParams: toValues('q=1', 'r=2') })]),
    ],
    [
      'more headers',
      toEntry('z', [toMatch('^', { headers: toValues('a=1', 'b=2') })]),
      toEntry('a', [toMatch('^', header)]),
    ],
    [
      'more query parameters',
      toEntry('z', [toMatch('^', { queryParams: toValues('q=1', 'r=2') })]),
      toEntry('a', [toMatch('^', { queryParams: toValues('q=1') })]),
    ],
    [
      'the older',
      toEntry('z', [everything]),
      toEntry('a', [everything], { createdAt: '2026-01-01T00:00:01Z' }),
    ],
    [
      'one that has an age',
      toEntry('z', [everything]),
      toEntry('a', [everything], { createdAt: '' }),
    ],
    [
      'the first by namespace and name',
      toEntry('z', [everything], { namespace: 'a' }),
      toEntry('a', [everything], { namespace: 'b' }),
    ],
    ['the first by name', toEntry('a', [everything]), toEntry('b', [everything])],
  ]

  it.each(cases)('goes to %s, whatever came first', (_, winner, loser) => {
    const request = toRequest('h/a/b?q=1&r=2', sent)
    expect(indexOf(winner, loser).match(request)?.value).toBe(winner.name)
    expect(indexOf(loser, winner).match(request)?.value).toBe(winner.name)
    expect(indexOf(loser).match(request)?.value).toBe(loser.name)
  })

  it('goes to the first match within an object, and tells which it was', () => {
    const matches = [toMatch('^/b'), toMatch('^/a'), toMatch('^/a')]
    expect(indexOf(toEntry('x', matches)).match(toRequest('h/a'))?.match).toBe(matches[1])
  })

  it('goes to the longest regex of those that accept', () => {
    const index = indexOf(
      toEntry('longest', [toMatch('~/[a-z]+/[a-z]+', { headers: toValues('x=1') })]),
      toEntry('longer', [toMatch('~/a/[b]')]),
      toEntry('short', [toMatch('~/.*')]),
    )
    expect(index.match(toRequest('h/a/b'))?.value).toBe('longer')
  })

  it('falls back when the better one does not accept', () => {
    const index = indexOf(
      toEntry('exact', [toMatch('=/a', { method: 'POST' })]),
      toEntry('regex', [toMatch('~/a', { headers: toValues('x=1') })]),
      toEntry('prefix', [toMatch('^/a', { queryParams: toValues('x=1') })]),
      toEntry('all', [everything]),
    )
    expect(index.match(toRequest('h/a', { method: 'POST' }))?.value).toBe('exact')
    expect(index.match(toRequest('h/a', { headers: { x: '1' } }))?.value).toBe('regex')
    expect(index.match(toRequest('h/a?x=1'))?.value).toBe('prefix')
    expect(index.match(toRequest('h/a'))?.value).toBe('all')
  })
})

it('asks no more routes when there are more', () => {
  const countReads = (routes: number): number => {
    const index = createRouteIndex<string>()
    const headers = toValues('x=none')
    for (let i = 0; i < routes; i += 1) {
      const paths = [`=/api/v${i}/a`, `^/api/v${i}`, `~/api/v${i}/[ab]`]
      const hostnames = [`h${i % 7}.com`, `*.h${i}.com`]
      index.set(
        toEntry(
          `r${i}`,
          paths.map((path) => toMatch(path, { headers })),
          { hostnames },
        ),
      )
    }
    let reads = 0
    const counted = new Proxy(
      {},
      {
        get() {
          reads += 1
          return undefined
        },
      },
    )
    index.match(toRequest('h0.com/api/v0/a', { headers: counted }))
    return reads
  }
  expect(countReads(1)).toBe(3)
  expect(countReads(2000)).toBe(3)
})

describe('hostnames', () => {
  const hosts = ['a.example.com', '*.example.com', '*.b.example.com', '[::1]']
  const index = indexOf(
    toEntry('all', [everything]),
    ...hosts.map((host) => toEntry(host, [toMatch('^/api')], { hostnames: [host] })),
  )

  it.each([
    ['a.example.com/api', 'a.example.com'],
    ['c.example.com/api', '*.example.com'],
    ['x.a.example.com/api', '*.example.com'],
    ['x.b.example.com/api', '*.b.example.com'],
    ['x.y.b.example.com/api', '*.b.example.com'],
    ['b.example.com/api', '*.example.com'],
    ['[::1]/api', '[::1]'],
    ['example.com/api', 'all'],
    ['.example.com/api', 'all'],
    ['xexample.com/api', 'all'],
    ['a.example.com.org/api', 'all'],
    ['a.example.com/other', 'all'],
    ['/api', 'all'],
  ])('sends %s to %s', (target, name) => {
    expect(index.match(toRequest(target))?.value).toBe(name)
  })

  it('puts the most specific hostname before every other rule', () => {
    const sparse = indexOf(
      toEntry('exact path', [toMatch('=/a')], { hostnames: ['*.com'] }),
      toEntry('specific host', [everything], { hostnames: ['a.com'] }),
    )
    expect(sparse.match(toRequest('a.com/a'))?.value).toBe('specific host')
  })

  it('serves all hostnames of an object, and a repeated one once', () => {
    const entry = toEntry('x', [everything], { hostnames: ['a.com', '*.b.com', 'a.com'] })
    const both = indexOf(entry)
    expect(both.match(toRequest('a.com/'))?.value).toBe('x')
    expect(both.match(toRequest('c.b.com/'))?.value).toBe('x')
    both.delete(entry.key)
    expect(both.match(toRequest('a.com/'))).toBeUndefined()
  })
})

describe('paths', () => {
  it.each([
    ['^/foo', '/foo', true],
    ['^/foo', '/foo/', true],
    ['^/foo', '/foo/bar', true],
    ['^/foo', '/foobar', false],
    ['^/foo', '/', false],
    ['^/foo/bar', '/foo', false],
    ['^', '/', true],
    ['^', '/any/thing', true],
    ['=/', '/', true],
    ['=/', '/a', false],
    ['=/foo', '/foo', true],
    ['=/foo', '/foo/', false],
    ['=/foo', '/foo/bar', false],
    ['=/foo/', '/foo/', true],
    ['=/foo/', '/foo', false],
    ['=/foo/bar', '/foo', false],
    ['=/a%2Fb', '/a%2Fb', true],
    ['^/a', '/a%2Fb', false],
    ['~/foo', '/foo/bar', false],
    ['~/foo.*', '/foobar', true],
    ['~foo', '/foo', false],
    ['~/a/(b|c)', '/a/c', true],
    ['~/a/b|/c', '/c', true],
    ['~/a/?', '/a', true],
    ['~/a/b?/c', '/a//c', true],
    ['~^/a/b$', '/a/b', true],
    ['~(?i)/a/b', '/A/b', true],
  ])('%s for %s: %s', (path, requested, matches) => {
    const index = indexOf(toEntry('x', [toMatch(path)]))
    expect(index.match(toRequest(`h${requested}`)) !== undefined).toBe(matches)
  })
})
