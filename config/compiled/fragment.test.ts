import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CompiledRoute } from './api-route.ts'
import {
  decodeFragment,
  encodeFragment,
  FORMAT,
  type FragmentConfigMap,
  type FragmentOf,
  fragmentName,
  fragmentSelector,
  hashSpec,
  MAX_ENCODED_BYTES,
  readFragmentVersion,
  readTimeline,
  toKeyString,
} from './fragment.ts'

type RouteFragment = FragmentOf<'APIRoute'>

const key = { kind: 'APIRoute', namespace: 'shop', name: 'cart' } as const

const route = (change: Partial<CompiledRoute> = {}): CompiledRoute => ({
  hostnames: [],
  matches: [{ path: { type: 'Exact', value: '/a' }, headers: [], queryParams: [] }],
  mirrors: [],
  backends: [],
  timeouts: { requestMs: 1, backendRequestMs: 0 },
  ...change,
})

const fragmentOf = (spec: CompiledRoute, change: Partial<RouteFragment> = {}): RouteFragment => ({
  format: FORMAT,
  ...key,
  uid: 'u',
  generation: 3,
  createdAt: '2026-01-02T03:04:05Z',
  hash: hashSpec(spec),
  spec,
  ...change,
})

/** A route whose JSON has about that many bytes that do not compress. */
const randomRoute = (bytes: number): CompiledRoute => {
  let state = 1
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return state.toString(36)
  }
  const hostnames: string[] = []
  for (let length = 0; length < bytes; length += (hostnames.at(-1)?.length ?? 0) + 3) {
    hostnames.push(next() + next())
  }
  return route({ hostnames })
}

test('what is encoded is decoded again, and always encoded to the same bytes', () => {
  const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed())
  const arbitrary = fc.record({
    hostnames: fc.array(text, { maxLength: 300 }),
    generation: fc.nat(),
    name: fc.stringMatching(/^[a-z0-9]{1,20}$/),
  })
  fc.assert(
    fc.property(arbitrary, ({ hostnames, ...change }) => {
      const fragment = fragmentOf(route({ hostnames }), change)
      const configMap = encodeFragment(fragment, 'system')
      expect(decodeFragment(JSON.parse(JSON.stringify(configMap)))).toEqual(fragment)
      expect(encodeFragment(structuredClone(fragment), 'system')).toEqual(configMap)
      const { format, createdAt, spec, ...version } = fragment
      expect(readFragmentVersion(configMap)).toEqual(version)
    }),
  )
})

test('a small fragment can be read by people, a larger one is compressed', () => {
  const small = encodeFragment(fragmentOf(randomRoute(3000)), 'system')
  expect(Object.keys(small.data ?? {})).toEqual(['fragment.json'])
  expect(small).not.toHaveProperty('binaryData')
  const large = encodeFragment(fragmentOf(randomRoute(5000)), 'system')
  expect(Object.keys(large.binaryData ?? {})).toEqual(['fragment.json.gz'])
  expect(large).not.toHaveProperty('data')
})

test('what does not fit a ConfigMap is refused, what just fits is well below 1 MiB', () => {
  expect(() => encodeFragment(fragmentOf(randomRoute(1_400_000)), 'system')).toThrow(RangeError)
  const largest = encodeFragment(fragmentOf(randomRoute(1_000_000)), 'system')
  const { length } = JSON.stringify(largest)
  expect(length).toBeGreaterThan(MAX_ENCODED_BYTES)
  expect(length).toBeLessThan(1_000_000)
})

const withJson = (change: object): FragmentConfigMap => ({
  ...encodeFragment(fragmentOf(route()), 'system'),
  data: { 'fragment.json': JSON.stringify({ ...fragmentOf(route()), ...change }) },
})

test.each<[string, FragmentConfigMap]>([
  ['a later format', withJson({ format: FORMAT + 1 })],
  ['an unknown kind', withJson({ kind: 'Teapot' })],
  ['a spec of another shape', withJson({ spec: { hostnames: 7 } })],
  ['no content', { ...withJson({}), data: {} }],
  ['content that is not JSON', { ...withJson({}), data: { 'fragment.json': '{' } }],
  ['content that is not gzip', { ...withJson({}), binaryData: { 'fragment.json.gz': 'AAAA' } }],
  [
    'content that unpacks to far too much',
    {
      ...withJson({}),
      binaryData: { 'fragment.json.gz': gzipSync(Buffer.alloc(20 << 20)).toString('base64') },
    },
  ],
])('%s is refused', (_, configMap) => {
  expect(() => decodeFragment(configMap)).toThrow()
})

test('names do not change: what is stored under them must be found', () => {
  expect(fragmentName(key)).toBe('penstock-apiroute-98f03e1541e5f442c044a0d2')
  expect(fragmentName({ ...key, name: 'x'.repeat(253) })).toMatch(/^[a-z0-9-]{1,63}$/)
  expect(toKeyString(key)).toBe('APIRoute/shop/cart')
})

test('names of different objects differ, also when their parts run together', () => {
  const names = new Set(
    [
      key,
      { ...key, namespace: 'shop-cart', name: 'a' },
      { ...key, namespace: 'shop', name: 'cart-a' },
      { ...key, kind: 'APIPolicy' },
    ].map(fragmentName),
  )
  expect(names.size).toBe(4)
})

test('the labels select all fragments, or those of a kind', () => {
  const { labels } = encodeFragment(fragmentOf(route()), 'system').metadata
  expect(labels).toEqual({ 'penstock.dev/fragment': 'v1', 'penstock.dev/kind': 'APIRoute' })
  expect(fragmentSelector()).toBe('penstock.dev/fragment')
  expect(fragmentSelector('APIRoute')).toBe('penstock.dev/fragment,penstock.dev/kind=APIRoute')
})

test('a timeline rides along', () => {
  const timeline = { sent: 1, received: 2, read: 3, traceparent: '00-a-b-01' }
  const configMap = encodeFragment(fragmentOf(route()), 'system', timeline)
  expect(readTimeline(configMap)).toEqual(timeline)
})

test.each([undefined, '{', 'null', '{"sent":null}', '[]'])('the timeline %j is empty', (text) => {
  const configMap = encodeFragment(fragmentOf(route()), 'system')
  const annotations = { ...(text !== undefined && { 'penstock.dev/timeline': text }) }
  expect(readTimeline({ ...configMap, metadata: { name: 'a', annotations } })).toEqual({})
})

test('a ConfigMap of something else has no version', () => {
  expect(
    readFragmentVersion({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
  ).toBe(undefined)
})

test('equal specs have equal hashes, others do not', () => {
  expect(hashSpec(route())).toBe(hashSpec(route()))
  expect(hashSpec(route())).not.toBe(hashSpec(route({ hostnames: ['a'] })))
  expect(hashSpec(route())).toMatch(/^[0-9a-f]{16}$/)
})
