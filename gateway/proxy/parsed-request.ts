import { normalizePath } from '#lib/http/normalize-path.ts'
import { normalizeHost } from '../router/normalize-host.ts'
import type { RouteRequest } from '../router/request-probe.ts'
import { type Incoming, isEncrypted } from './http.ts'
import type { ProblemCode } from './problem.ts'
import { type HeaderScan, scanHeaders } from './scan-headers.ts'

/** A request read as the router and the policies need it. */
export class ParsedRequest implements RouteRequest {
  readonly method: string
  /** As `normalizeHost` returns it; empty when the client named none. */
  readonly host: string
  /** As the client wrote it, port included. */
  readonly authority: string
  readonly path: string
  readonly query: string
  readonly scheme: 'http' | 'https'
  /** Whether a body follows, be it empty. */
  readonly hasBody: boolean
  readonly #incoming: Incoming

  constructor(incoming: Incoming, authority: Authority, target: Target, hasBody: boolean) {
    this.#incoming = incoming
    this.method = incoming.method ?? ''
    this.host = authority.host
    this.authority = authority.text
    this.path = target.path
    this.query = target.query
    this.scheme = isEncrypted(incoming) ? 'https' : 'http'
    this.hasBody = hasBody
  }

  /** Built by node when first asked for: most routes match without them. */
  get headers(): Record<string, string | string[] | undefined> {
    return this.#incoming.headers
  }

  header(name: string): string | undefined {
    const value = this.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  /** Port in the authority; undefined for the default of the scheme. */
  get port(): number | undefined {
    const digits = /:(\d+)$/.exec(this.authority)?.[1]
    return digits === undefined ? undefined : Number(digits)
  }
}

interface Authority {
  readonly text: string
  readonly host: string
}

interface Target {
  readonly authority?: string
  readonly path: string
  readonly query: string
}

/** Why a request is not served. */
export interface Refusal {
  readonly code: ProblemCode
  readonly detail: string
}

const refusal = (detail: string, code: ProblemCode = 'bad-request'): Refusal => ({ code, detail })

const REFUSALS = {
  target: refusal('the request target is not a valid path'),
  noHost: refusal('there is no Host header'),
  hosts: refusal('there is more than one Host'),
  host: refusal('the Host is not valid'),
  framing: refusal('HTTP/1.0 has no transfer codings'),
  coding: refusal('the only transfer coding understood is chunked', 'coding-not-supported'),
}

/** `#` begins what no request target has; control characters and spaces would end it. */
const BAD_QUERY = /[^\x21\x22\x24-\x7e\x80-\xff]/

/** Splits a request target. @returns undefined for what is not origin-form or absolute-form. */
const parseTarget = (url: string): Target | undefined => {
  let start = 0
  let authority: string | undefined
  if (url.charCodeAt(0) !== 0x2f) {
    const absolute = /^https?:\/\/([^/?#]+)/i.exec(url)
    if (!absolute) return undefined
    authority = absolute[1] ?? ''
    start = absolute[0].length
  }
  const mark = url.indexOf('?', start)
  const raw = mark < 0 ? url.slice(start) : url.slice(start, mark)
  const path = normalizePath(raw === '' ? '/' : raw)
  if (path === undefined) return undefined
  const query = mark < 0 ? '' : url.slice(mark + 1)
  if (mark >= 0 && BAD_QUERY.test(query)) return undefined
  return authority === undefined ? { path, query } : { authority, path, query }
}

const MAX_CACHED_HOSTS = 1024
const hosts = new Map<string, Authority>()

const parseAuthority = (text: string): Authority | undefined => {
  const cached = hosts.get(text)
  if (cached) return cached
  const host = normalizeHost(text)
  if (host === undefined) return undefined
  if (hosts.size >= MAX_CACHED_HOSTS) hosts.clear()
  const authority = { text, host }
  hosts.set(text, authority)
  return authority
}

/** RFC 9112 §3.2, RFC 9113 §8.3.1: one Host, and no other name beside it than in the target. */
const findHostRefusal = (incoming: Incoming, { hosts: count, host }: HeaderScan) => {
  if (count > 1) return REFUSALS.hosts
  if (!('stream' in incoming)) {
    return count === 0 && incoming.httpVersionMinor > 0 ? REFUSALS.noHost : undefined
  }
  const { authority } = incoming
  return count === 1 && authority.toLowerCase() !== host.toLowerCase() ? REFUSALS.hosts : undefined
}

/** RFC 9112 §6.1. Node has refused what has both framings, or a coding before which chunked comes. */
const findCodingRefusal = (incoming: Incoming, { coding }: HeaderScan) => {
  if (coding === '' || 'stream' in incoming) return undefined
  if (incoming.httpVersionMinor === 0) return REFUSALS.framing
  return coding.toLowerCase() === 'chunked' ? undefined : REFUSALS.coding
}

/** Reads a request. @returns why not, in place of one that is not valid. */
export const parseRequest = (incoming: Incoming): ParsedRequest | Refusal => {
  const target = parseTarget(incoming.url ?? '')
  if (!target) return REFUSALS.target
  const scan = scanHeaders(incoming.rawHeaders)
  const refused = findHostRefusal(incoming, scan) ?? findCodingRefusal(incoming, scan)
  if (refused) return refused
  const own = 'stream' in incoming ? incoming.authority : scan.host
  // RFC 9112 §3.2.2: the target's word counts, not the header's.
  const authority = parseAuthority(target.authority ?? own)
  if (!authority) return REFUSALS.host
  const hasBody = 'stream' in incoming ? !incoming.stream.endAfterHeaders : scan.hasBody
  return new ParsedRequest(incoming, authority, target, hasBody)
}
