import type { CompiledCors } from '#config/compiled/api-route.ts'
import { createOriginMatcher } from './origins.ts'

/** CORS of one route. All header lists are flat: name, value, name, value. */
export interface Cors {
  /**
   * Headers of the 204 that answers a preflight. Undefined when the request is none (no Origin or
   * no Access-Control-Request-Method), so that OPTIONS goes to the backend as ever.
   */
  preflight(
    origin: string | undefined,
    requestMethod: string | undefined,
    requestHeaders: string | undefined,
  ): readonly string[] | undefined
  /** Headers to add to the response of an actual request. */
  respond(origin: string | undefined): readonly string[]
  /**
   * Lower-case names to remove from every response of the backend before {@link Cors.respond} is
   * added: the route's word counts, and browsers refuse doubled headers.
   */
  readonly replaces: readonly string[]
}

const REPLACES = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
]
const VARY = ['vary', 'Origin']
const TOKENS = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+(?: *, *[A-Za-z0-9!#$%&'*+\-.^_`|~]+)*$/

/**
 * Prepares a route's CORS (Gateway API HTTPCORSFilter, Fetch §3.2). An origin that is not allowed
 * gets no Access-Control header. With credentials a browser takes no `*`, so what the client asked
 * for stands in its place.
 * @throws TypeError for an invalid origin.
 */
export const createCors = (cors: CompiledCors): Cors => {
  const allows = createOriginMatcher(cors.allowOrigins)
  const toPreflightHeaders = createPreflightHeaders(cors)
  const exposed = toExposed(cors)
  const expose = exposed ? ['access-control-expose-headers', exposed] : []
  if (cors.allowOrigins.includes('*') && !cors.allowCredentials) {
    const anyOrigin = ['access-control-allow-origin', '*']
    const answer = [...anyOrigin, ...expose]
    return {
      preflight: (origin, method, headers) =>
        origin === undefined || method === undefined
          ? undefined
          : [...anyOrigin, ...toPreflightHeaders(method, headers)],
      respond: () => answer,
      replaces: REPLACES,
    }
  }
  const allowed = cors.allowCredentials
    ? [...VARY, 'access-control-allow-credentials', 'true']
    : VARY
  const allowedAndExposed = [...allowed, ...expose]
  return {
    preflight(origin, method, headers) {
      if (origin === undefined || method === undefined) return undefined
      if (!allows(origin)) return VARY
      return [
        'access-control-allow-origin',
        origin,
        ...allowed,
        ...toPreflightHeaders(method, headers),
      ]
    },
    // Vary also without Origin: a shared cache must not give that response to a page that has one.
    respond: (origin) =>
      origin !== undefined && allows(origin)
        ? ['access-control-allow-origin', origin, ...allowedAndExposed]
        : VARY,
    replaces: REPLACES,
  }
}

const createPreflightHeaders = (cors: CompiledCors) => {
  const methods = createAllowList(cors.allowMethods, cors.allowCredentials)
  const headers = createAllowList(cors.allowHeaders, cors.allowCredentials)
  const maxAge = ['access-control-max-age', String(cors.maxAgeSeconds)]
  return (requestMethod: string, requestHeaders: string | undefined): string[] => [
    ...toHeader('access-control-allow-methods', methods(requestMethod)),
    ...toHeader('access-control-allow-headers', headers(requestHeaders)),
    ...maxAge,
  ]
}

/** What to allow, given what was asked for; empty for nothing. */
const createAllowList = (
  names: readonly string[],
  allowCredentials: boolean,
): ((asked: string | undefined) => string) => {
  if (!names.includes('*')) {
    const list = names.join(', ')
    return () => list
  }
  if (!allowCredentials) return () => '*'
  return (asked) => (asked !== undefined && TOKENS.test(asked) ? asked : '')
}

const toExposed = ({ exposeHeaders, allowCredentials }: CompiledCors): string => {
  if (!exposeHeaders.includes('*')) return exposeHeaders.join(', ')
  return allowCredentials ? exposeHeaders.filter((name) => name !== '*').join(', ') : '*'
}

const toHeader = (name: string, value: string): string[] => (value === '' ? [] : [name, value])
