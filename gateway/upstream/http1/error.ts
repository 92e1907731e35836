/** Stable codes of what ends an exchange without a complete response. */
export type UpstreamErrorCode =
  | 'connect_failed'
  | 'connect_timeout'
  | 'tls_failed'
  | 'header_timeout'
  | 'idle_timeout'
  | 'reset'
  | 'protocol'
  | 'header_too_large'
  | 'pool_full'
  | 'address_denied'
  | 'body_source'

/** What an error means to those who wait for the answer. */
export type FailureKind = 'unreachable' | 'timeout' | 'failed'

const KINDS: Partial<Record<UpstreamErrorCode, FailureKind>> = {
  connect_failed: 'unreachable',
  connect_timeout: 'unreachable',
  pool_full: 'unreachable',
  header_timeout: 'timeout',
  idle_timeout: 'timeout',
}

export const toFailureKind = (code: UpstreamErrorCode): FailureKind => KINDS[code] ?? 'failed'

/** How far the exchange had come: what a retry layer needs to know. */
export interface ExchangeProgress {
  /** Some byte of the request may have reached the upstream. */
  readonly sent: boolean
  /** The final response head was delivered. */
  readonly headSeen: boolean
  /** The connection had served an earlier request, so it may have been closed before this one arrived. */
  readonly reusedConnection: boolean
}

/** Why an exchange failed. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly code: UpstreamErrorCode
  readonly sent: boolean
  readonly headSeen: boolean
  readonly reusedConnection: boolean

  constructor(fault: UpstreamFault, progress: ExchangeProgress) {
    super(fault.message, { cause: fault.cause })
    this.code = fault.code
    this.sent = progress.sent
    this.headSeen = progress.headSeen
    this.reusedConnection = progress.reusedConnection
  }
}

/** What went wrong, before it is known whom it concerns. */
export class UpstreamFault extends Error {
  override readonly name = 'UpstreamFault'
  readonly code: UpstreamErrorCode

  constructor(code: UpstreamErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** The upstream's bytes are not a message this client accepts. */
export const protocolFault = (message: string) => new UpstreamFault('protocol', message)
