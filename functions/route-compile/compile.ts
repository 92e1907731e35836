import type {
  CompiledBackend,
  CompiledCors,
  CompiledMatch,
  CompiledPathModifier,
  CompiledRetry,
  CompiledRoute,
  HeaderEdits,
} from '#config/compiled/api-route.ts'
import { RESERVED_HEADERS } from '#config/compiled/reserved-headers.ts'
import {
  type ApiRouteSpec,
  apiRoute,
  type BackendRef,
  type PathModifier,
  type RouteFilter,
} from '#config/kinds/api-route.ts'
import { toMs } from '#config/kinds/common.ts'
import { normalizePath } from '#lib/http/normalize-path.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { type CompilePattern, createPatternCompiler } from '#lib/pattern/pattern.ts'
import type { CompileResult } from '../runtime/fragment-builder.ts'
import { FieldError } from './field-error.ts'

const DEFAULT_REQUEST_MS = 60_000

/** Refuses what the gateway could not compile, with the gateway's own compiler. */
const checkPattern = (compile: CompilePattern, source: string, field: string): string => {
  try {
    compile(source)
    return source
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new FieldError(`${field}: not a usable RE2 expression: ${detail}`, { cause })
  }
}

type SpecMatch = NonNullable<ApiRouteSpec['matches']>[number]

type ValueMatches = NonNullable<SpecMatch['headers'] | SpecMatch['queryParams']>

const checkValues = (compile: CompilePattern, matches: ValueMatches, field: string) => {
  const names = new Set<string>()
  for (const [index, { type, name, value }] of matches.entries()) {
    const entry = `${field}[${index}]`
    if (names.has(name)) throw new FieldError(`${entry}.name: ${name} is given twice`)
    names.add(name)
    if (type === 'RegularExpression') checkPattern(compile, value, `${entry}.value`)
  }
  return matches
}

/** A path that requests are never normalised to would never match. */
const checkPath = (value: string, field: string): string => {
  const normal = normalizePath(value)
  if (normal === value) return value
  const hint = normal === undefined ? 'not a valid path' : `write ${normal}`
  throw new FieldError(`${field}: no request has this path; ${hint}`)
}

const compilePath = (
  compile: CompilePattern,
  path: SpecMatch['path'],
  field: string,
): CompiledMatch['path'] => {
  const { type = 'PathPrefix', value = '/' } = path ?? {}
  if (type === 'RegularExpression') return { type, value: checkPattern(compile, value, field) }
  checkPath(value, field)
  return { type, value: type === 'PathPrefix' ? value.replace(/\/$/, '') : value }
}

const compileMatches = (matches: SpecMatch[]): CompiledMatch[] => {
  const compile = createPatternCompiler()
  return matches.map((match, index) => {
    const field = `spec.matches[${index}]`
    const headers = (match.headers ?? []).map((header) => ({
      ...header,
      name: header.name.toLowerCase(),
    }))
    return {
      path: compilePath(compile, match.path, `${field}.path.value`),
      ...(match.method && { method: match.method }),
      headers: checkValues(compile, headers, `${field}.headers`),
      queryParams: checkValues(compile, match.queryParams ?? [], `${field}.queryParams`),
    }
  })
}

const compileUrl = (text: string, field: string): CompiledBackend => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url?.hostname) throw new FieldError(`${field}: not an absolute http or https URL`)
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  const port = url.port === '' ? { http: 80, https: 443 }[protocol] : Number(url.port)
  return { kind: 'URL', protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

const compileBackend = (ref: BackendRef, field: string): CompiledBackend => {
  if (ref.url !== undefined) return compileUrl(ref.url, `${field}.url`)
  if (ref.name === undefined)
    throw new FieldError(`${field}: exactly one of name and url must be set`)
  if (ref.group !== '') return { kind: 'KnativeService', name: ref.name }
  if (ref.port === undefined) throw new FieldError(`${field}.port: is required`)
  return { kind: 'Service', name: ref.name, port: ref.port }
}

const compileModifier = (modifier: PathModifier): CompiledPathModifier => ({
  type: modifier.type,
  value: modifier.replaceFullPath ?? modifier.replacePrefixMatch ?? '/',
})

const compileHeaders = (
  edits: NonNullable<RouteFilter['requestHeaderModifier']>,
  field: string,
): HeaderEdits => {
  const { set = [], add = [], remove = [] } = edits
  const check = (list: string, name: string, index: number): string => {
    if (!RESERVED_HEADERS.has(name.toLowerCase())) return name
    throw new FieldError(`${field}.${list}[${index}]: ${name} belongs to the gateway`)
  }
  return {
    set: set.map(({ name, value }, index) => [check('set', name, index), value]),
    add: add.map(({ name, value }, index) => [check('add', name, index), value]),
    remove: remove.map((name, index) => check('remove', name, index).toLowerCase()),
  }
}

const compileCors = (cors: NonNullable<RouteFilter['cors']>): CompiledCors => {
  const { maxAge, ...rest } = cors
  return { ...rest, maxAgeSeconds: maxAge }
}

const compileRetry = (retry: NonNullable<ApiRouteSpec['retry']>): CompiledRetry => ({
  attempts: retry.attempts,
  codes: retry.codes,
  backoffMs: toMs(retry.backoff),
  methods: retry.methods,
  budget: {
    percent: retry.budget.percent,
    intervalMs: Math.max(1, toMs(retry.budget.interval)),
    minRetryRate: retry.budget.minRetryRate,
  },
})

/** What each filter adds to the compiled route. */
const compileFilter = (filter: RouteFilter, field: string): Partial<CompiledRoute> => {
  const { requestHeaderModifier, responseHeaderModifier, requestRedirect, urlRewrite, cors } =
    filter
  if (requestHeaderModifier) {
    const at = `${field}.requestHeaderModifier`
    return { requestHeaders: compileHeaders(requestHeaderModifier, at) }
  }
  if (responseHeaderModifier) {
    const at = `${field}.responseHeaderModifier`
    return { responseHeaders: compileHeaders(responseHeaderModifier, at) }
  }
  if (cors) return { cors: compileCors(cors) }
  if (requestRedirect) {
    const { path, ...rest } = requestRedirect
    return { redirect: { ...rest, ...(path && { path: compileModifier(path) }) } }
  }
  if (urlRewrite) {
    const { path, ...rest } = urlRewrite
    return { rewrite: { ...rest, ...(path && { path: compileModifier(path) }) } }
  }
  if (filter.requestMirror) {
    const { backendRef, percent } = filter.requestMirror
    const backend = compileBackend(backendRef, `${field}.requestMirror.backendRef`)
    return { mirrors: [{ backend, percent }] }
  }
  throw new FieldError(`${field}: nothing is set for type ${filter.type}`)
}

const compileFilters = (filters: RouteFilter[]): Partial<CompiledRoute> => {
  const mirrors: CompiledRoute['mirrors'] = []
  const rest: Partial<CompiledRoute> = {}
  for (const [index, filter] of filters.entries()) {
    const { mirrors: more = [], ...part } = compileFilter(filter, `spec.filters[${index}]`)
    Object.assign(rest, part)
    mirrors.push(...more)
  }
  return { ...rest, mirrors }
}

/** A replaced prefix must be there to be replaced. */
const checkPrefix = (route: CompiledRoute): CompiledRoute => {
  const path = route.rewrite?.path ?? route.redirect?.path
  const index = route.matches.findIndex((match) => match.path.type !== 'PathPrefix')
  if (path?.type === 'ReplacePrefixMatch' && index >= 0) {
    throw new FieldError(
      `spec.matches[${index}].path.type: must be PathPrefix when a filter replaces the prefix`,
    )
  }
  return route
}

const compileSpec = (spec: ApiRouteSpec): CompiledRoute => {
  const requestMs = toMs(spec.timeouts?.request) ?? DEFAULT_REQUEST_MS
  const backends = (spec.backendRefs ?? []).map((ref, index) => ({
    backend: compileBackend(ref, `spec.backendRefs[${index}]`),
    weight: ref.weight,
  }))
  return checkPrefix({
    hostnames: spec.hostnames ?? [],
    matches: compileMatches(spec.matches ?? [{}]),
    mirrors: [],
    ...compileFilters(spec.filters ?? []),
    backends,
    timeouts: { requestMs, backendRequestMs: toMs(spec.timeouts?.backendRequest) ?? 0 },
    ...(spec.retry && { retry: compileRetry(spec.retry) }),
  })
}

const toField = (path: PropertyKey[]): string =>
  path.reduce<string>(
    (field, key) => (typeof key === 'number' ? `${field}[${key}]` : `${field}.${String(key)}`),
    'spec',
  )

/** Compiles an APIRoute: pure, and deterministic to the byte. */
export const compileRoute = (object: KubeObject): CompileResult<CompiledRoute> => {
  const parsed = apiRoute.spec.safeParse((object as { spec?: unknown }).spec)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const message = `${toField(issue?.path ?? [])}: ${issue?.message}`
    return { ok: false, reason: 'UnsupportedValue', message }
  }
  try {
    return { ok: true, spec: compileSpec(parsed.data) }
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    return { ok: false, reason: 'UnsupportedValue', message: error.message }
  }
}
