import type { Connection } from './connection.ts'
import type { Deadlines } from './deadlines.ts'
import type { UpstreamFault } from './error.ts'
import type { ActiveExchange } from './exchange.ts'

/** The pool as its connections see it. */
export interface ConnectionOwner {
  /** The connection is idle and may be begun again. */
  released(connection: Connection): void
  /** The connection is gone, or another's. `resend` is an exchange to serve on a fresh one. */
  closed(connection: Connection, resend: ActiveExchange | null): void
  /** The connection was lost before it was open. */
  unreached(fault: UpstreamFault): void
}

/** What a connection is built with. */
export interface ConnectionDeps {
  readonly owner: ConnectionOwner
  readonly deadlines: Deadlines
  readonly maxHeaderBytes: number
  readonly connectTimeoutMs: number
  readonly keepAliveMs: number
  /** Not kept for another exchange. */
  readonly single: boolean
}
