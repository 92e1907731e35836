import { expect, test } from 'vitest'
import { createOriginMatcher } from './origins.ts'

test.each([
  ['https://a.example', 'https://a.example', true],
  ['https://A.example', 'https://a.example', true],
  ['https://a.example', 'HTTPS://A.EXAMPLE', true],
  ['https://a.example', 'http://a.example', false],
  ['https://a.example', 'https://a.example:8443', false],
  ['https://a.example:443', 'https://a.example', true],
  ['https://a.example', 'https://a.example:443', true],
  ['http://a.example:8080', 'http://a.example:8080', true],
  ['http://a.example:8080', 'http://a.example', false],
  ['http://a.example:*', 'http://a.example', true],
  ['http://a.example:*', 'http://a.example:3000', true],
  ['http://a.example:*', 'http://b.example:3000', false],
  ['https://*.example.com', 'https://a.example.com', true],
  ['https://*.example.com', 'https://a.b.example.com', true],
  ['https://*.example.com', 'https://example.com', false],
  ['https://*.example.com', 'https://.example.com', false],
  ['https://*.example.com', 'https://evilexample.com', false],
  ['https://*.example.com', 'https://a.example.com.evil.test', false],
  ['https://*.example.com', 'https://evil.test/.example.com', false],
  ['https://*.example.com', 'https://evil.test#.example.com', false],
  ['https://*.example.com', 'https://evil.test\\.example.com', false],
  ['https://*.example.com', 'https://a.example.com:8443', false],
  ['https://*.example.com:*', 'https://a.example.com:8443', true],
  ['https://*', 'https://a.example', true],
  ['https://*', 'http://a.example', false],
  ['https://*:*', 'https://a.example:8443', true],
  ['http://[::1]:*', 'http://[::1]:3000', true],
  ['https://*', 'null', false],
  ['*', 'null', true],
  ['*', 'chrome-extension://abcdef', true],
  ['*', 'https://a.example, https://b.example', false],
  ['*', 'https://a.example/\n', false],
  ['*', '', false],
])('%s against origin %s: %s', (allowed, origin, expected) => {
  expect(createOriginMatcher([allowed])(origin)).toBe(expected)
})

test('one of several origins is enough', () => {
  const allows = createOriginMatcher(['https://a.example', 'https://*.b.example'])
  expect(['https://a.example', 'https://x.b.example', 'https://c.example'].map(allows)).toEqual([
    true,
    true,
    false,
  ])
})

test.each(['', 'null', 'ftp://a', 'https://a/', 'https://a*', 'https://a.*.b', 'https://a:x'])(
  '%j is refused as an allowed origin',
  (origin) => {
    expect(() => createOriginMatcher([origin])).toThrow('invalid CORS origin')
  },
)
