import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CompiledMatch } from '#config/compiled/api-route.ts'
import type { RouteEntry } from './candidate.ts'
import { toEntry, toMatch, toRequest, toValues } from './fixtures.ts'
import type { RouteRequest } from './request-probe.ts'
import { createRouteIndex } from './route-index.ts'

/** Rank of one match of one route for a request: compared item by item, greatest first. */
type Rank = readonly (number | string)[]

const hostRank = (hostnames: readonly string[], host: string): number => {
  const ranks = hostnames.map((hostname) => {
    if (hostname === host) return 1000
    const suffix = hostname.startsWith('*') ? hostname.slice(1) : undefined
    return suffix && host.endsWith(suffix) && host !== suffix ? suffix.length : -1
  })
  return hostnames.length === 0 ? 0 : Math.max(...ranks)
}

const pathRank = ({ type, value }: CompiledMatch['path'], path: string): number => {
  if (type === 'Exact') return path === value ? 3000 : -1
  // The patterns generated below mean the same to JavaScript.
  if (type === 'RegularExpression') {
    return new RegExp(`^(?:${value})$`).test(path) ? 2000 + value.length : -1
  }
  return `${path}/`.startsWith(`${value}/`) ? value.length : -1
}

const holds = ({ type, value }: CompiledMatch['headers'][number], actual: unknown): boolean =>
  typeof actual === 'string' &&
  (type === 'Exact' ? actual === value : new RegExp(`^(?:${value})$`).test(actual))

const isFor = (match: CompiledMatch, { method, headers, query }: RouteRequest): boolean =>
  (match.method ?? method) === method &&
  match.headers.every((header) => holds(header, headers[header.name])) &&
  match.queryParams.every((param) => holds(param, new URLSearchParams(query).get(param.name)))

const compareRanks = (a: Rank, b: Rank): number => {
  const at = a.findIndex((item, i) => item !== b[i])
  return (a[at] ?? 0) > (b[at] ?? 0) ? -1 : 1
}

/** What the index should find, by looking at all there is. */
const findLinear = (entries: Iterable<RouteEntry<string>>, request: RouteRequest) =>
  [...entries]
    .flatMap((entry) => entry.matches.map((match, position) => ({ entry, match, position })))
    .map((candidate) => ({
      ...candidate,
      host: hostRank(candidate.entry.hostnames, request.host),
      path: pathRank(candidate.match.path, request.path),
    }))
    .filter(({ host, path, match }) => host >= 0 && path >= 0 && isFor(match, request))
    .map(({ entry, match, position, host, path }) => ({
      value: entry.value,
      match,
      rank: [
        host,
        path,
        match.method ? 1 : 0,
        match.headers.length,
        match.queryParams.length,
        -Date.parse(entry.createdAt),
        -Number(entry.name),
        -position,
      ],
    }))
    .sort((a, b) => compareRanks(a.rank, b.rank))[0]

const segment = fc.constantFrom('a', 'b', 'ab', '')
const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
const pattern = fc.constantFrom(
  ...['/a/.*', '/a/[ab]+', '/(a|b)/a', '/a/b|/b', '/a/?', '/a/b*/a', '.*', '/[ab]', '/a/(a|ab)/.*'],
  ...['/b/(?:a|b).*', '/a', '/a/b/.*', '/ab?/a', '/(a/|b)b', '/a/\\w', '/a+/b', '^/a/b$'],
)
const value = fc.constantFrom('x=1', 'x=2', 'y=1', 'x~[12]', 'y~.')
const values = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(value, { maxLength: 2 }) },
)
const match = fc
  .record({
    path: fc.oneof(
      path.map((text) => `=${text}`),
      path.map((text) => `^${text.replace(/\/+$/, '')}`),
      pattern.map((text) => `~${text}`),
    ),
    method: fc.constantFrom(undefined, undefined, 'GET', 'POST'),
    headers: values,
    queryParams: values,
  })
  .map(({ path, method, headers, queryParams }) =>
    toMatch(path, {
      ...(method ? { method } : {}),
      headers: toValues(...headers),
      queryParams: toValues(...queryParams),
    }),
  )
const hostname = fc.constantFrom('a', 'a.b', 'c.a.b', '*.b', '*.a.b', '*.c.a.b')
const set = fc.record({
  name: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
  matches: fc.array(match, { maxLength: 4 }),
  hostnames: fc.array(hostname, { maxLength: 2 }),
  createdAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z'),
})
const edit = fc.oneof(
  { weight: 4, arbitrary: set },
  { weight: 1, arbitrary: set.map(({ name }) => name) },
)
const pair = fc.constantFrom(undefined, '1', '2', '3')
const request = fc
  .record({
    host: fc.constantFrom('a', 'b', 'a.b', 'c.a.b', 'd.c.a.b', 'x.b', ''),
    path,
    query: fc.constantFrom('', 'x=1', 'x=2&y=1', 'y=1&y=2', 'x=1&x=2'),
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    headers: fc.record({ x: pair, y: pair }),
  })
  .map(({ host, path, query, ...rest }) => toRequest(`${host}${path}?${query}`, rest))

it('finds what a search of all routes finds, after any edits', () => {
  fc.assert(
    fc.property(
      fc.array(edit, { maxLength: 20 }),
      fc.array(request, { minLength: 10, maxLength: 20 }),
      (edits, requests) => {
        const index = createRouteIndex<string>()
        const expected = new Map<string, RouteEntry<string>>()
        for (const [revision, change] of edits.entries()) {
          const name = typeof change === 'string' ? change : change.name
          if (typeof change === 'string') {
            index.delete(`APIRoute/default/${name}`)
            expected.delete(name)
          } else {
            const entry = toEntry(name, change.matches, { ...change, value: `${name}@${revision}` })
            index.set(entry)
            expected.set(name, entry)
          }
        }
        expect(new Set(index.entries())).toEqual(new Set(expected.values()))
        for (const each of requests) {
          const found = index.match(each)
          const wanted = findLinear(expected.values(), each)
          expect(found?.value).toBe(wanted?.value)
          expect(found?.match).toBe(wanted?.match)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
