import type { CompiledMatch } from '#config/compiled/api-route.ts'
import type { Address } from '../link/address-book.ts'
import type { LinkedRoute } from '../link/linked-route.ts'
import type { ForwardContext } from '../policies/forward/forward-headers.ts'
import type { Incoming } from './http.ts'
import type { ParsedRequest } from './parsed-request.ts'

/** What a request's head towards a backend is made of. */
export interface RequestParts {
  readonly incoming: Incoming
  readonly parsed: ParsedRequest
  readonly route: LinkedRoute
  readonly match: CompiledMatch
  readonly requestId: string
}

type BuildHeaders = (rawHeaders: readonly string[], context: ForwardContext) => string[]

/** The prefix that a path modifier replaces; empty where the match has none. */
export const toMatchedPrefix = ({ path }: CompiledMatch): string =>
  path.type === 'PathPrefix' ? path.value : ''

/** Path and query towards the backend. */
export const toUpstreamPath = ({ parsed, route, match }: RequestParts): string => {
  const { rewritePath } = route
  const path = rewritePath ? rewritePath(parsed.path, toMatchedPrefix(match)) : parsed.path
  return parsed.query === '' ? path : `${path}?${parsed.query}`
}

/** On a socket for both IP versions, an IPv4 client has an address such as `::ffff:192.0.2.1`. */
const toPlainAddress = (address: string): string =>
  address.startsWith('::ffff:') ? address.slice(7) : address

/** Headers towards the backend, as the route edits them; Host first. */
export const toUpstreamHeaders = (
  { incoming, parsed, route, requestId }: RequestParts,
  address: Address,
  build: BuildHeaders,
): string[] => {
  const headers = build(incoming.rawHeaders, {
    clientAddress: toPlainAddress(incoming.socket.remoteAddress ?? ''),
    scheme: parsed.scheme,
    host: parsed.authority,
    hostToUpstream: route.rewriteHost ?? address.host ?? parsed.authority,
    requestId,
  })
  return route.editRequest ? route.editRequest(headers) : headers
}
