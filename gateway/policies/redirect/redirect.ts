import type { CompiledRoute } from '#config/compiled/api-route.ts'
import { createPathModifier } from '../rewrite/rewrite-path.ts'

/** Where the redirected request came in. */
export interface RedirectedRequest {
  readonly scheme: 'http' | 'https'
  /** Host name as in a URL (IPv6 in brackets), without the port. */
  readonly host: string
  /** Port that the client addressed; undefined for the default of the scheme. */
  readonly port: number | undefined
  readonly path: string
  /** With its leading `?`, or empty. */
  readonly query: string
  readonly matchedPrefix: string
}

/** What to answer. */
export interface Redirect {
  readonly status: number
  readonly location: string
}

const DEFAULT_PORT = { http: 80, https: 443 }

/** Prepares a route's redirect (Gateway API HTTPRequestRedirectFilter). */
export const createRedirect = (
  redirect: NonNullable<CompiledRoute['redirect']>,
): ((request: RedirectedRequest) => Redirect) => {
  const { hostname, statusCode: status } = redirect
  const modifyPath = createPathModifier(redirect.path)
  // A scheme that is named brings its own port, even when it is the one of the request.
  const ownPort = redirect.port ?? (redirect.scheme && DEFAULT_PORT[redirect.scheme])
  return (request) => {
    const scheme = redirect.scheme ?? request.scheme
    const port = ownPort ?? request.port
    const portPart = port === undefined || port === DEFAULT_PORT[scheme] ? '' : `:${port}`
    const path = modifyPath ? modifyPath(request.path, request.matchedPrefix) : request.path
    return {
      status,
      location: `${scheme}://${hostname ?? request.host}${portPart}${path}${request.query}`,
    }
  }
}
