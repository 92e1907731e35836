import { lookup as systemLookup } from 'node:dns'
import {
  connect,
  isIP,
  isIPv6,
  type LookupFunction,
  type OnReadOpts,
  type Socket,
  SocketAddress,
} from 'node:net'
import { checkServerIdentity, connect as connectTls } from 'node:tls'
import type { UpstreamClientOptions, UpstreamTarget } from './contract.ts'
import { UpstreamFault } from './error.ts'

/** What dialling needs to know beside the client's options. */
export interface DialRequest {
  readonly target: UpstreamTarget
  /** Where read bytes go; without it the socket is an ordinary stream. */
  readonly onread: OnReadOpts | undefined
  /** A TLS session to resume. */
  readonly session: Buffer | undefined
}

type Admission = UpstreamClientOptions['isAddressAllowed']
type Lookup = LookupFunction

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/

/** `::ffff:a.b.c.d`, in whatever notation, reaches a.b.c.d: it is judged as that. */
export const canonicalAddress = (address: string): string => {
  if (!isIPv6(address)) return address
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address
  return mapped.exec(canonical)?.[1] ?? canonical
}

const denied = (host: string) =>
  new UpstreamFault('address_denied', `no address of ${host} may be dialled`)

/** Resolves names to admitted addresses only: what was checked is what is dialled. */
const admittedLookup = (admits: NonNullable<Admission>, lookup: Lookup): Lookup => {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found, family) => {
      if (error) return callback(error, '', 0)
      const all = Array.isArray(found) ? found : [{ address: found, family: family ?? 0 }]
      const admitted = all.filter(({ address }) => admits(canonicalAddress(address)))
      const first = admitted[0]
      if (first === undefined) callback(denied(host), '', 0)
      else if (options.all) callback(null, admitted)
      else callback(null, first.address, first.family)
    })
  }
}

const lookupFor = (options: UpstreamClientOptions): Lookup => {
  const lookup: Lookup = options.lookup ?? systemLookup
  const admits = options.isAddressAllowed
  return admits === undefined ? lookup : admittedLookup(admits, lookup)
}

const unbracketed = (host: string) =>
  host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host

const tlsOptions = (host: string, request: DialRequest, options: UpstreamClientOptions) => {
  const name = request.target.serverName ?? host
  const ca = options.tls?.ca
  return {
    // SNI carries names only (RFC 6066 §3).
    servername: isIP(name) === 0 ? name : '',
    checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(name, certificate),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: options.tls?.rejectUnauthorized ?? true,
    ...(ca === undefined ? {} : { ca: Array.isArray(ca) ? [...ca] : (ca as string | Buffer) }),
    ...(request.session === undefined ? {} : { session: request.session }),
  }
}

/** Returns a function that opens sockets; it throws an UpstreamFault `address_denied` for a denied literal. */
export const createDialer = (options: UpstreamClientOptions) => {
  const lookup = lookupFor(options)
  return (request: DialRequest): Socket => {
    const { target, onread } = request
    const host = unbracketed(target.host)
    const literal = isIP(host) !== 0
    if (literal && options.isAddressAllowed?.(canonicalAddress(host)) === false) throw denied(host)
    const address = {
      host,
      port: target.port,
      lookup,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      ...(onread === undefined ? {} : { onread }),
    }
    if (target.protocol === 'http') return connect(address)
    return connectTls({ ...address, ...tlsOptions(host, request, options) })
  }
}

/** Opens a socket for a request. */
export type Dialer = ReturnType<typeof createDialer>
