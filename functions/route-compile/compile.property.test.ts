import fc from 'fast-check'
import { compiledRoute } from '#config/compiled/api-route.ts'
import { apiRoute } from '#config/kinds/api-route.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { testCompileProperty } from '../runtime/testing/compile-property.ts'
import { compileRoute } from './compile.ts'

const toObject = (spec: unknown) =>
  ({
    apiVersion: 'penstock.dev/v1alpha1',
    kind: 'APIRoute',
    metadata: { name: 'a' },
    spec,
  }) as KubeObject

const from = <T>(...values: T[]) => fc.constantFrom(...values)
const optional = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] })
const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 2 })
/** Any text, and what could be taken for something else. */
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  from(
    '/',
    '/a',
    '//',
    '/a/../b',
    '(',
    'a{9}',
    '((a{99}){99}){99}',
    '\ud83d',
    '[[:alpha:]]',
    '\\Q',
  ),
)
const name = from('a', 'echo', 'X-A', 'x-a', 'content-length', 'host')
const values = few(fc.record({ name, value: text }))
const typed = few(fc.record({ type: from('Exact', 'RegularExpression'), name, value: text }))
const host = from('example.com', '*.example.com', 'a')
const duration = from('0s', '1ms', '1h30m', '24h', '24h1ms', '99999h99999h99999h99999h')
const path = optional({ type: from('Exact', 'PathPrefix', 'RegularExpression'), value: text })
const anyBackendRef = optional({
  group: from('', 'serving.knative.dev'),
  name: from('echo', 'a.b'),
  port: from(1, 65_535),
  url: from('http://a', 'https://[::1]:1/', 'http://a:0', 'http://[', 'http://%', 'http://a:99999'),
  weight: from(0, 1_000_000),
})
const backendRef = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name: from('echo', 'a.b'), port: from(1, 65_535) }) },
  anyBackendRef,
)
const modifier = optional({
  type: from('ReplaceFullPath', 'ReplacePrefixMatch'),
  replaceFullPath: from('/', '/a', '//b', '/ü'),
  replacePrefixMatch: from('/', '/a', '//b'),
})
const headers = optional({ set: values, add: values, remove: few(name) })
const target = {
  scheme: from('http', 'https'),
  hostname: host,
  port: from(1, 443),
  path: modifier,
  statusCode: from(301, 308, 200, -7),
}
const filterFields = {
  requestHeaderModifier: headers,
  responseHeaderModifier: headers,
  requestRedirect: optional(target),
  urlRewrite: optional(target),
  requestMirror: fc.record({ backendRef }),
  cors: fc.record({ allowOrigins: fc.constant(['*', 'https://*.a:*']) }),
}
const anyFilter = optional({ type: from('CORS', 'URLRewrite', 'Teleport'), ...filterFields })
const goodFilter = fc.oneof(
  ...Object.entries(filterFields).map(([field, arbitrary]) => {
    const type =
      field === 'cors' ? 'CORS' : field.replace(/^url|^./, (start) => start.toUpperCase())
    return fc.record({ type: fc.constant(type), [field]: arbitrary })
  }),
)
const filter = fc.oneof({ weight: 9, arbitrary: goodFilter }, anyFilter)
/** Mostly what the CRD lets through, and some of what its CEL rules would not. */
const spec = optional({
  hostnames: few(host),
  matches: few(
    optional({ path, method: from('GET', 'QUERY'), headers: typed, queryParams: typed }),
  ),
  filters: few(filter),
  backendRefs: few(backendRef),
  timeouts: optional({ request: duration, backendRequest: duration }),
  retry: optional({
    attempts: from(1, 5),
    backoff: duration,
    budget: optional({ interval: duration }),
  }),
})

testCompileProperty({
  compile: compileRoute,
  schema: apiRoute.spec,
  compiled: compiledRoute,
  spec,
  toObject,
})
