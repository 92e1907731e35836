import { afterAll, beforeAll, expect, test } from 'vitest'
import { apiRoute } from '#config/kinds/api-route.ts'
import { KubeError } from '#lib/kube/error.ts'
import { apiRoutes, type RouteObject, routeObject } from '../fixtures/routes.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'

let cluster: TestCluster
let count = 0

beforeAll(async () => {
  cluster = await openTestCluster()
})
afterAll(() => cluster?.close())

/** What the API server makes of a spec: the stored one, or its refusal. */
const submit = async (spec: Record<string, unknown>): Promise<RouteObject['spec'] | string> => {
  count += 1
  const object = routeObject({ name: `route-${count}`, namespace: cluster.namespace }, spec)
  try {
    return (await cluster.client.create(apiRoutes, object)).spec
  } catch (error) {
    if (error instanceof KubeError && error.reason === 'Invalid') return error.message
    throw error
  }
}

const backendRefs = [{ name: 'echo', port: 80 }]
const match = (change: object) => ({ backendRefs, matches: [change] })
const filter = (type: string, field: string, value: object) => ({
  backendRefs,
  filters: [{ type, [field]: value }],
})
const redirect = (value: object) => ({
  filters: [{ type: 'RequestRedirect', requestRedirect: value }],
})
const times = <T>(item: T, count: number): T[] => Array(count).fill(item)

const valid: [string, Record<string, unknown>][] = [
  ['a backend alone', { backendRefs }],
  ['16 hostnames', { backendRefs, hostnames: times('', 16).map((_, i) => `h${i}.example.com`) }],
  ['a wildcard', { backendRefs, hostnames: ['*.example.com'] }],
  ['a path of 1024 characters', match({ path: { value: `/${'a'.repeat(1023)}` } })],
  ['every method', { backendRefs, matches: [{ method: 'QUERY' }, { method: 'CONNECT' }] }],
  [
    'every character of a header name',
    match({ headers: [{ name: "aZ0!#$%&'*+-.^_|~", value: 'a' }] }),
  ],
  ['an URL', { backendRefs: [{ url: 'https://[::1]:8443/' }] }],
  ['a Knative Service', { backendRefs: [{ group: 'serving.knative.dev', name: 'hello' }] }],
  ['the largest weight', { backendRefs: [{ ...backendRefs[0], weight: 1_000_000 }] }],
  ['timeouts', { backendRefs, timeouts: { request: '1h2m3s4ms', backendRequest: '0s' } }],
  ['retries', { backendRefs, retry: { attempts: 5, codes: [400, 599], budget: {} } }],
  ['origins', filter('CORS', 'cors', { allowOrigins: ['*', 'https://*.example.com:*'] })],
  ['a redirect', redirect({ scheme: 'https', port: 443, statusCode: 308 })],
  [
    'a mirror',
    filter('RequestMirror', 'requestMirror', { backendRef: backendRefs[0], percent: 0 }),
  ],
]

const invalid: [string, Record<string, unknown>][] = [
  ['a hostname in upper case', { backendRefs, hostnames: ['Example.com'] }],
  ['a wildcard in the middle', { backendRefs, hostnames: ['a.*.example.com'] }],
  ['17 hostnames', { backendRefs, hostnames: times('', 17).map((_, i) => `h${i}.example.com`) }],
  ['no matches in the list of them', { backendRefs, matches: [] }],
  ['65 matches', { backendRefs, matches: times({ method: 'GET' }, 65) }],
  ['a path of 1025 characters', match({ path: { value: `/${'a'.repeat(1024)}` } })],
  ['an unknown path type', match({ path: { type: 'Suffix', value: '/a' } })],
  ['a method in lower case', match({ method: 'get' })],
  ['a header name with a colon', match({ headers: [{ name: 'a:', value: 'a' }] })],
  ['a header without value', match({ headers: [{ name: 'a' }] })],
  ['an empty query value', match({ queryParams: [{ name: 'a', value: '' }] })],
  ['a group that is not known', { backendRefs: [{ ...backendRefs[0], group: 'apps' }] }],
  ['an URL with a path', { backendRefs: [{ url: 'http://echo/a' }] }],
  ['an URL of another scheme', { backendRefs: [{ url: 'ftp://echo' }] }],
  ['port 0', { backendRefs: [{ name: 'echo', port: 0 }] }],
  ['a broken port', { backendRefs: [{ name: 'echo', port: 80.5 }] }],
  ['a negative weight', { backendRefs: [{ ...backendRefs[0], weight: -1 }] }],
  ['a port as text', { backendRefs: [{ name: 'echo', port: '80' }] }],
  ['a duration without unit', { backendRefs, timeouts: { request: '10' } }],
  ['six attempts', { backendRefs, retry: { attempts: 6 } }],
  ['a status below 400', { backendRefs, retry: { codes: [399] } }],
  [
    'a header value with a line end',
    filter('RequestHeaderModifier', 'requestHeaderModifier', {
      set: [{ name: 'a', value: 'b\nc: d' }],
    }),
  ],
  ['no origins', filter('CORS', 'cors', { allowOrigins: [] })],
  ['an origin with a path', filter('CORS', 'cors', { allowOrigins: ['https://a/b'] })],
  [
    'a rewritten path with a query',
    filter('URLRewrite', 'urlRewrite', {
      path: { type: 'ReplaceFullPath', replaceFullPath: '/a?b' },
    }),
  ],
  ['a redirect with an unknown status', redirect({ statusCode: 200 })],
  ['a redirect to a wildcard', redirect({ hostname: '*.example.com' })],
  [
    'more than all of the requests',
    filter('RequestMirror', 'requestMirror', { backendRef: backendRefs[0], percent: 101 }),
  ],
]

test.each(valid)('the CRD and the schema allow %s, and give the same defaults', async (_, spec) => {
  const parsed = apiRoute.spec.parse(spec)
  const stored = await submit(spec)
  expect(stored).toBeTypeOf('object')
  // Defaults of the CRD are those of the schema; reading them again adds only what is optional.
  expect(apiRoute.spec.parse(stored)).toMatchObject(parsed)
})

test.each(invalid)('the CRD and the schema refuse %s', async (_, spec) => {
  expect(apiRoute.spec.safeParse(spec).success).toBe(false)
  expect(await submit(spec)).toBeTypeOf('string')
})

test('a field that is left empty counts as absent', async () => {
  const spec = { backendRefs, filters: null, timeouts: null }
  expect(await submit(spec)).toEqual(await submit({ backendRefs }))
})
