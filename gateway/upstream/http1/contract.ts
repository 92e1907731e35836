import type { LookupFunction } from 'node:net'
import type { Duplex } from 'node:stream'
import type { UpstreamError, UpstreamFault } from './error.ts'

/** Where to connect. Connections are pooled per distinct target; keep the object to keep the lookup cheap. */
export interface UpstreamTarget {
  readonly protocol: 'http' | 'https'
  /** DNS name or IP address to dial; an IPv6 literal may be bracketed. */
  readonly host: string
  readonly port: number
  /** TLS server name (SNI) and the name the certificate must carry; defaults to `host`. */
  readonly serverName?: string
}

/**
 * A body read from a stream; `length: null` sends it chunked. When the exchange ends first, the stream is
 * left paused: its owner drains or destroys it.
 */
export interface StreamBody {
  readonly stream: NodeJS.ReadableStream
  readonly length: number | null
}

/** One request. Framing headers are written by the client from `body`; any in `headers` are dropped. */
export interface UpstreamRequest {
  readonly method: string
  /** Origin-form, or `*`. */
  readonly path: string
  /** Flat name, value list with exactly one Host; hop-by-hop headers already removed. */
  readonly headers: readonly string[]
  /** A string holds one byte per character (latin1). */
  readonly body: null | Buffer | string | StreamBody
  /** Protocol to switch to, such as `websocket`; uses a connection of its own. */
  readonly upgrade?: string
}

/** Receives one exchange. Exactly one of `onEnd`, `onError`, `onUpgrade` is last, never during `send`. */
export interface UpstreamHandler {
  /**
   * The final response head. Hop-by-hop and framing headers are removed; Content-Length stays where it
   * describes a body that is not sent (HEAD, 304).
   * @param bodyLength bytes to come: 0 none, -1 unknown
   */
  onHead(status: number, headers: string[], bodyLength: number): void
  /** Body bytes, valid only during the call: copy what outlives it, `socket.write(chunk)` included. */
  onData(chunk: Buffer): void
  /** The body is complete; trailers are dropped. */
  onEnd(): void
  onError(error: UpstreamError): void
  /** 101: the socket is the caller's from here on, paused; `head` holds bytes already read from it. */
  onUpgrade?(status: number, headers: string[], socket: Duplex, head: Buffer): void
  /** An interim response such as 103; 100 is consumed. */
  onInformation?(status: number, headers: string[]): void
}

/** A request under way. */
export interface Exchange {
  /** Stops reading the response; a few chunks already decrypted may follow. No upstream timeout runs. */
  pause(): void
  resume(): void
  /** Destroys the connection; no callback follows. */
  abort(): void
}

/** Overrides of the client's timeouts for one request. */
export interface RequestTimeouts {
  readonly headerTimeoutMs?: number
  readonly idleTimeoutMs?: number
}

/** Limits of a client. Timeouts are kept to within 50 ms or 10 %, whichever is more; 0 turns one off. */
export interface UpstreamClientOptions {
  /** Name lookup, TCP and TLS handshake together; also the longest wait for a free connection. */
  readonly connectTimeoutMs: number
  /** From the request fully sent to the response head; also the longest an upstream may refuse body bytes. */
  readonly headerTimeoutMs: number
  /** Between two reads of the response body. */
  readonly idleTimeoutMs: number
  /** How long an idle connection is kept, 0 not at all; `Keep-Alive: timeout=` can only shorten it. */
  readonly keepAliveMs: number
  readonly maxConnectionsPerTarget: number
  readonly maxPendingPerTarget: number
  /** Response status line and headers; also bounds the trailer section. */
  readonly maxHeaderBytes: number
  readonly tls?: {
    readonly ca?: string | Buffer | readonly (string | Buffer)[]
    /** Default true. */
    readonly rejectUnauthorized?: boolean
  }
  /** Asked for every address about to be dialled, after name resolution; IPv4-mapped IPv6 comes as IPv4. */
  isAddressAllowed?(address: string): boolean
  /** A target could not be reached; the requests that wanted it are told on their own. */
  onUnreached?(target: UpstreamTarget, fault: UpstreamFault): void
  /** Name resolution; defaults to `dns.lookup`. */
  readonly lookup?: LookupFunction
}

/** Counters since the start, and what is open now. */
export interface UpstreamStats {
  readonly targets: number
  readonly connections: number
  readonly idle: number
  readonly pending: number
  readonly opened: number
  /** Requests sent a second time because an idle connection turned out closed. */
  readonly resent: number
}
