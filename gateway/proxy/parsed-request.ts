import { normalizePath } from '#lib/http/normalize-path.ts'
import { normalizeHost } from '../router/normalize-host.ts'
import type { RouteRequest } from '../router/request-probe.ts'
import type { Incoming } from './http.ts'

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
  readonly #incoming: Incoming

  constructor(incoming: Incoming, authority: Authority, target: Target) {
    this.#incoming = incoming
    this.method = incoming.method ?? ''
    this.host = authority.host
    this.authority = authority.text
    this.path = target.path
    this.query = target.query
    this.scheme = 'encrypted' in incoming.socket ? 'https' : 'http'
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
  return authority === undefined ? { path, query } : { authority, path, query }
}

/** Host of the request. @returns undefined when there are two: RFC 9112 §3.2 asks for a refusal. */
const findAuthority = (incoming: Incoming): string | undefined => {
  if ('authority' in incoming && incoming.authority) return incoming.authority
  const raw = incoming.rawHeaders
  let found: string | undefined
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (found !== undefined) return undefined
    found = raw[i + 1]
  }
  return found ?? ''
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

/** Reads a request. @returns what is wrong with it, for a 400, in place of one that is not valid. */
export const parseRequest = (incoming: Incoming): ParsedRequest | string => {
  const target = parseTarget(incoming.url ?? '')
  if (!target) return 'the request target is not a valid path'
  const text = target.authority ?? findAuthority(incoming)
  if (text === undefined) return 'there is more than one Host header'
  const authority = parseAuthority(text)
  if (!authority) return 'the Host header is not valid'
  return new ParsedRequest(incoming, authority, target)
}
