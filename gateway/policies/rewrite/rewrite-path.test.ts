import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPathModifier } from './rewrite-path.ts'

const prefixTo = (value: string) => createPathModifier({ type: 'ReplacePrefixMatch', value })

test('without a modifier there is nothing to do', () => {
  expect(createPathModifier(undefined)).toBeUndefined()
})

// The table in the Gateway API's documentation of ReplacePrefixMatch, and the root.
test.each([
  ['/foo/bar', '/foo', '/xyz', '/xyz/bar'],
  ['/foo/bar', '/foo', '/xyz/', '/xyz/bar'],
  ['/foo/bar', '/foo/', '/xyz', '/xyz/bar'],
  ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'],
  ['/foo', '/foo', '/xyz', '/xyz'],
  ['/foo/', '/foo', '/xyz', '/xyz/'],
  ['/foo/bar', '/foo', '', '/bar'],
  ['/foo/', '/foo', '', '/'],
  ['/foo', '/foo', '', '/'],
  ['/foo/', '/foo', '/', '/'],
  ['/foo', '/foo', '/', '/'],
  ['/foo/bar', '/foo', '/', '/bar'],
  ['/foo/bar', '', '/xyz', '/xyz/foo/bar'],
  ['/foo/bar', '/', '/xyz', '/xyz/foo/bar'],
  ['/', '', '/xyz', '/xyz/'],
])('%s with prefix %j replaced by %j becomes %s', (path, prefix, value, expected) => {
  expect(prefixTo(value)?.(path, prefix)).toBe(expected)
})

test('a full path replaces everything', () => {
  const modify = createPathModifier({ type: 'ReplaceFullPath', value: '/one/two' })
  expect(modify?.('/foo/bar', '/foo')).toBe('/one/two')
})

test('doubled slashes after the prefix cannot make a path that names a host', () => {
  expect(prefixTo('/')?.('/foo//evil.example/x', '/foo')).toBe('/evil.example/x')
})

test('what no request line may carry is percent-encoded', () => {
  expect(prefixTo('/ä\u0000\u007f b😀\ud800')?.('/foo/x', '/foo')).toBe(
    '/%C3%A4%00%7F%20b%F0%9F%98%80%EF%BF%BD/x',
  )
})

test('a normalised path never becomes empty or gets a doubled slash', () => {
  const segment = fc.string({
    unit: fc.constantFrom('a', 'b', '.', '%2F', '-'),
    minLength: 1,
    maxLength: 4,
  })
  const segments = fc.array(segment, { maxLength: 4 })
  const value = fc.string({ unit: fc.constantFrom('/', 'a', 'é', '\n'), maxLength: 6 })
  const type = fc.constantFrom('ReplacePrefixMatch' as const, 'ReplaceFullPath' as const)
  fc.assert(
    fc.property(
      segments,
      segments,
      fc.boolean(),
      fc.record({ type, value }),
      (head, tail, slash, modifier) => {
        const prefix = head.map((name) => `/${name}`).join('')
        const rest = tail.map((name) => `/${name}`).join('') + (slash ? '/' : '')
        const path = prefix + rest || '/'
        for (const matched of [prefix, `${prefix}/`]) {
          expect(createPathModifier(modifier)?.(path, matched)).toMatch(
            /^\/(?:[!-.0-~]+\/)*[!-.0-~]*$/,
          )
        }
      },
    ),
    { numRuns: 500 },
  )
})
