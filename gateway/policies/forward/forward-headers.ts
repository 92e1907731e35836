import { createNameTable } from '../headers/name-table.ts'
import { joinValues, withoutNamed } from './hop-by-hop.ts'

/** What a request's new headers depend on, besides the old ones. */
export interface ForwardContext {
  readonly clientAddress: string
  readonly scheme: 'http' | 'https'
  /** The Host that the client asked for; empty when it named none. */
  readonly host: string
  readonly hostToUpstream: string
  /** For X-Request-Id, unless the client brought one. */
  readonly requestId?: string
}

type Part =
  | 'connection'
  | 'cookie'
  | 'forwarded'
  | 'forwardedFor'
  | 'forwardedHost'
  | 'forwardedProto'
  | 'requestId'

const REQUEST_ROLES = new Map<string, Part | 'drop'>([
  ['connection', 'connection'],
  ['cookie', 'cookie'],
  ['forwarded', 'forwarded'],
  ['x-forwarded-for', 'forwardedFor'],
  ['x-forwarded-host', 'forwardedHost'],
  ['x-forwarded-proto', 'forwardedProto'],
  ['x-request-id', 'requestId'],
  // Written anew, by us or by whoever frames the message.
  ['content-length', 'drop'],
  ['host', 'drop'],
  ['transfer-encoding', 'drop'],
  // For this connection only. TE too: no trailers are asked for that nobody would pass on.
  ['expect', 'drop'],
  ['http2-settings', 'drop'],
  ['keep-alive', 'drop'],
  ['proxy-connection', 'drop'],
  ['te', 'drop'],
  ['trailer', 'drop'],
  ['upgrade', 'drop'],
  // RFC 9110 §11.7: meant for a proxy the client chose, not for the servers behind a gateway.
  ['proxy-authenticate', 'drop'],
  ['proxy-authorization', 'drop'],
])

/** HTTP/2's pseudo-headers (`:path`) are no headers of HTTP/1.1. */
const requestRoleOf = createNameTable<Part | 'drop' | 'keep'>((name) =>
  name.startsWith(':') ? 'drop' : (REQUEST_ROLES.get(name) ?? 'keep'),
)

/**
 * Builds the headers towards the upstream from node's `rawHeaders`: Host first, then what the
 * client sent less what is for this connection, then where it came from. An incoming X-Forwarded-*
 * or Forwarded counts with `trustForwarded` only; else it is replaced or dropped. Framing headers
 * (Content-Length, Transfer-Encoding) are left to whoever writes the body.
 */
export const createRequestHeaders = ({
  trustForwarded,
}: {
  readonly trustForwarded: boolean
}): ((rawHeaders: readonly string[], context: ForwardContext) => string[]) => {
  const pushOrigin = trustForwarded ? pushTrustedOrigin : pushOwnOrigin
  return (rawHeaders, context) => {
    const headers = ['host', context.hostToUpstream]
    const parts = createParts()
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const name = rawHeaders[i] as string
      const value = rawHeaders[i + 1] as string
      const role = requestRoleOf(name)
      if (role === 'keep') headers.push(name, value)
      else if (role === 'cookie') parts.cookie = joinCookies(parts.cookie, value)
      else if (role !== 'drop') parts[role] = joinValues(parts[role], value)
    }
    pushIfAny(headers, 'cookie', parts.cookie)
    // Before our own are added: no client can have those removed.
    const kept = withoutNamed(headers, parts.connection, 2)
    pushIfAny(kept, 'x-request-id', parts.requestId || context.requestId)
    pushOrigin(kept, parts, context)
    return kept
  }
}

type Parts = Record<Part, string | undefined>

const createParts = (): Parts => ({
  connection: undefined,
  cookie: undefined,
  forwarded: undefined,
  forwardedFor: undefined,
  forwardedHost: undefined,
  forwardedProto: undefined,
  requestId: undefined,
})

/** RFC 9113 §8.2.3: HTTP/2 may split cookies, HTTP/1.1 has one line of them. */
const joinCookies = (before: string | undefined, value: string): string =>
  before === undefined ? value : `${before}; ${value}`

const pushIfAny = (headers: string[], name: string, value: string | undefined): void => {
  if (value !== undefined && value !== '') headers.push(name, value)
}

const pushOwnOrigin = (headers: string[], _parts: Parts, context: ForwardContext): void => {
  headers.push('x-forwarded-for', context.clientAddress, 'x-forwarded-proto', context.scheme)
  pushIfAny(headers, 'x-forwarded-host', context.host)
}

const pushTrustedOrigin = (headers: string[], parts: Parts, context: ForwardContext): void => {
  // An empty header is as good as none.
  const forwardedFor = joinValues(parts.forwardedFor || undefined, context.clientAddress)
  headers.push('x-forwarded-for', forwardedFor)
  headers.push('x-forwarded-proto', parts.forwardedProto || context.scheme)
  pushIfAny(headers, 'x-forwarded-host', parts.forwardedHost || context.host)
  pushIfAny(headers, 'forwarded', parts.forwarded)
}
