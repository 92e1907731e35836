import type { Exchange, UpstreamHandler, UpstreamRequest } from './contract.ts'
import type { Deadline } from './deadlines.ts'
import { UpstreamError, UpstreamFault } from './error.ts'
import type { EncodedRequest } from './request-head.ts'

/** What an exchange asks of the connection that serves it. */
export interface ExchangeConnection {
  readonly reused: boolean
  pause(): void
  resume(): void
  /** Drops the exchange together with the connection. */
  abandon(): void
}

/** Where an exchange waits for a connection. */
export interface WaitingRoom {
  forget(exchange: ActiveExchange): void
}

/** Timeouts in force for one exchange. */
export interface ExchangeTimeouts {
  readonly headerTimeoutMs: number
  readonly idleTimeoutMs: number
}

/** Repeating these changes nothing (RFC 9110 §9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

/** One request from `send` to its last callback. */
export class ActiveExchange implements Exchange, Deadline {
  slot = -1
  timeoutMs = 0
  dueAt = 0
  touched = false
  readonly request: UpstreamRequest
  readonly handler: UpstreamHandler
  readonly timeouts: ExchangeTimeouts
  encoded: EncodedRequest | null = null
  connection: ExchangeConnection | null = null
  waitingIn: WaitingRoom | null = null
  paused = false
  sent = false
  headSeen = false
  #finished = false

  constructor(request: UpstreamRequest, handler: UpstreamHandler, timeouts: ExchangeTimeouts) {
    this.request = request
    this.handler = handler
    this.timeouts = timeouts
  }

  /** True until the last callback or an abort. */
  get live(): boolean {
    return !this.#finished
  }

  pause(): void {
    if (this.paused || this.#finished) return
    this.paused = true
    this.connection?.pause()
  }

  resume(): void {
    if (!this.paused || this.#finished) return
    this.paused = false
    this.connection?.resume()
  }

  abort(): void {
    if (this.#finished) return
    this.#finished = true
    this.waitingIn?.forget(this)
    this.connection?.abandon()
    this.connection = null
  }

  /** The wait for a connection was too long. */
  expire(): void {
    this.waitingIn?.forget(this)
    this.fail(new UpstreamFault('pool_full', 'no connection became free in time'))
  }

  /** The request may be sent again when a reused connection closed without an answer. */
  get replayable(): boolean {
    const { method, body } = this.request
    if (!idempotent.has(method)) return false
    return body === null || typeof body === 'string' || Buffer.isBuffer(body)
  }

  /** Marks the exchange as over; the caller then gives the last callback. */
  finish(): void {
    this.#finished = true
    this.connection = null
  }

  fail(fault: UpstreamFault): void {
    if (this.#finished) return
    const { sent, headSeen } = this
    const reusedConnection = this.connection?.reused ?? false
    this.finish()
    this.handler.onError(new UpstreamError(fault, { sent, headSeen, reusedConnection }))
  }
}
