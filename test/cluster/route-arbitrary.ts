import fc from 'fast-check'

/** What the CRD lets through, and now and then what it must not. */
const mostly = (good: readonly unknown[], bad: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
    { weight: 1, arbitrary: fc.anything({ maxDepth: 1, withNullPrototype: false }) },
  )

const optional = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(shape, { requiredKeys: [] })

const list = (item: fc.Arbitrary<unknown>, maxLength: number, minLength = 0) =>
  fc.array(item, { minLength, maxLength })

/** The CRD takes any text for a pattern; half of these are beyond RE2, or too much for a gateway. */
const pattern = mostly(
  ['/a.*', '[a-z]+', '.*', '(', '(?=x)', '\\1', '(a{1000}){1000}', '[[:bad:]]'],
  ['x'.repeat(5000)],
)
const plainPath = mostly(
  ['/', '/a', '/a/b/', '/ü', '/%2f', '/a b', '/a%', `/${'x/'.repeat(300)}`],
  ['//', '/..', 'a', ''],
)
const header = mostly(['x-a', 'X-B', 'Content-Length', 'connection', 'host'], ['bad name', ''])
const value = mostly(['1', 'a, b', ' ', 'é', 'x'.repeat(4096)], ['\r\nx: y', '\u0000', ''])
const host = mostly(['fuzz.example.com', '*.fuzz.example.com'], ['FUZZ', '*', 'a'.repeat(64)])
const duration = mostly(['1s', '0s', '1h30m', '99999h99999h'], ['-1s', '1.5s'])
const method = mostly(['GET', 'POST', 'QUERY', 'CONNECT'], ['get', ''])

const valueMatch = fc.oneof(
  fc.record({ type: fc.constant('RegularExpression'), name: header, value: pattern }),
  fc.record({ name: header, value }),
)

const path = fc.oneof(
  fc.record({ type: fc.constant('RegularExpression'), value: pattern }),
  fc.record({ type: mostly(['Exact', 'PathPrefix'], ['Other']), value: plainPath }),
)

const match = optional({
  path,
  method,
  headers: list(valueMatch, 2),
  queryParams: list(valueMatch, 2),
})

const service = fc.record({
  name: mostly(['echo-v1', 'echo-v2', 'missing'], ['Bad_Name']),
  port: mostly([80, 81, 65_535], [0, 70_000, 1.5]),
})
const url = fc.record({
  url: mostly(
    ['http://10.0.0.1:1', 'https://x.test', 'http://[::1]', 'http://a:99999'],
    ['ftp://x'],
  ),
})
const weighted = fc
  .tuple(fc.oneof(service, url), mostly([0, 1, 1_000_000], [-1, 2_000_000]))
  .map(([backend, weight]) => ({ ...backend, weight }))

const edits = list(fc.record({ name: header, value }), 2)
const modifier = optional({ set: edits, add: edits, remove: list(header, 2) })
const rewrite = fc.oneof(
  fc.record({ type: fc.constant('ReplaceFullPath'), replaceFullPath: plainPath }),
  fc.record({ type: fc.constant('ReplacePrefixMatch'), replacePrefixMatch: plainPath }),
)

const filters = optional({
  requestHeaderModifier: modifier,
  responseHeaderModifier: modifier,
  urlRewrite: optional({ path: rewrite, hostname: mostly(['a.test'], ['*.a.test']) }),
  cors: fc.record({ allowOrigins: list(mostly(['*', 'https://*.b.test'], ['x']), 2, 1) }),
  requestMirror: fc.record({ backendRef: service, percent: mostly([0, 100], [101]) }),
}).map((fields) =>
  Object.entries(fields).map(([field, setting]) => ({
    type: FILTER_TYPES[field],
    [field]: setting,
  })),
)

const FILTER_TYPES: Readonly<Record<string, string>> = {
  requestHeaderModifier: 'RequestHeaderModifier',
  responseHeaderModifier: 'ResponseHeaderModifier',
  urlRewrite: 'URLRewrite',
  cors: 'CORS',
  requestMirror: 'RequestMirror',
}

const retry = optional({
  attempts: mostly([1, 5], [0, 6]),
  codes: list(mostly([500, 503], [200]), 2),
  backoff: duration,
  budget: optional({ percent: mostly([0, 20], [101]), interval: duration }),
})

/** Specs of APIRoutes, valid and not; they answer for no hosts but those of `fuzz.example.com`. */
export const routeSpec: fc.Arbitrary<object> = fc
  .tuple(
    optional({
      matches: list(match, 3, 1),
      filters,
      timeouts: optional({ request: duration, backendRequest: duration }),
      retry,
    }),
    fc.record({ backendRefs: list(weighted, 3, 1), hostnames: list(host, 2, 1) }),
  )
  .map(([spec, required]) => ({ ...spec, ...required }))
