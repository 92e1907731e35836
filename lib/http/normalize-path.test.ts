import fc from 'fast-check'
import { expect, it } from 'vitest'
import { normalizePath } from './normalize-path.ts'
import { resolvePath } from './resolve-path.ts'

it.each([
  ['/', '/'],
  ['/a/b.c/~d/', '/a/b.c/~d/'],
  ['/a%2fb', '/a%2Fb'],
  ['/a%2F..%2fb', '/a%2F..%2Fb'],
  ['/%41%7e%2D', '/A~-'],
  ['/%c3%a9%ff', '/%C3%A9%FF'],
  ['/a%20b%3f%23%25', '/a%20b%3F%23%25'],
  ['/%252e%252E', '/%252e%252E'],
  ['//a///b//', '/a/b/'],
  ['//', '/'],
  ['/.', '/'],
  ['/a/.', '/a/'],
  ['/a/./b', '/a/b'],
  ['/a/..', '/'],
  ['/a/b/..', '/a/'],
  ['/a/b/../c', '/a/c'],
  ['/a//../b', '/b'],
  ['/a/%2e%2E/b', '/b'],
  ['/a/.%2e/b', '/b'],
  ['/...', '/...'],
  ['/.a/..b', '/.a/..b'],
  ['/a;b=c!$&\'()*+,=:@[]{}|^`<>"', '/a;b=c!$&\'()*+,=:@[]{}|^`<>"'],
])('%s becomes %s', (raw, normalized) => {
  expect(normalizePath(raw)).toBe(normalized)
})

it.each([
  ['nothing', ''],
  ['no slash at the start', 'a'],
  ['an asterisk', '*'],
  ['an absolute form', 'http://a/'],
  ['space', '/a b'],
  ['a tab', '/a\tb'],
  ['a line end', '/a\n'],
  ['DEL', '/a\x7f'],
  ['non-ASCII', '/é'],
  ['beyond Latin-1', '/\u2025/'],
  ['a backslash', '/a\\..\\b'],
  ['a fragment', '/a#b'],
  ['a query', '/a?b'],
  ['an encoded backslash', '/a%5cb'],
  ['an encoded NUL', '/a%00'],
  ['an encoded line end', '/a%0D%0a'],
  ['an encoded DEL', '/a%7F'],
  ['a lone percent sign', '/a%'],
  ['half an escape', '/a%2'],
  ['an escape that is none', '/a%2g'],
  ['a parent of the root', '/..'],
  ['a parent of the root later', '/a/../../b'],
  ['an encoded parent of the root', '/%2e%2e/'],
])('%s is refused', (_, raw) => {
  expect(normalizePath(raw)).toBeUndefined()
})

const piece = fc.constantFrom(
  ...['/', '/', '/', '.', '.', '..', 'a', '%', '%2e', '%2E', '%2f', '%2F', '%5c', '%00', '%41'],
  ...['%25', '%c3', '2e', ' ', '\\', '#', '?', 'é', '~', '\x7f', ';', '-'],
)
const raw = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)

it('is idempotent, and leaves nothing to read in two ways', () => {
  fc.assert(
    fc.property(raw, (path) => {
      const normalized = normalizePath(path)
      if (normalized === undefined) return
      expect(normalizePath(normalized)).toBe(normalized)
      expect(normalized).toMatch(/^\/[!-~]*$/)
      expect(normalized).not.toMatch(/\/\/|\/\.\.?(\/|$)|[\\?#]/)
      expect(normalized.replace(/%[0-9A-F]{2}/g, '')).not.toContain('%')
      // A URL parser, which knows nothing of these rules, has nothing to change either.
      if (!/["'<>^`{|}]/.test(normalized)) {
        expect(new URL(`http://h${normalized}`).pathname).toBe(normalized)
      }
    }),
    { numRuns: 2000 },
  )
})

it('has a fast path that decides as the rules do', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        raw,
        fc.string({ unit: 'binary' }),
        fc.string().map((s) => `/${s}`),
      ),
      (path) => {
        expect(normalizePath(path)).toBe(resolvePath(path))
      },
    ),
    { numRuns: 2000 },
  )
})
