import type {
  Exchange,
  RequestTimeouts,
  UpstreamClientOptions,
  UpstreamHandler,
  UpstreamRequest,
  UpstreamStats,
  UpstreamTarget,
} from './contract.ts'
import { Deadlines } from './deadlines.ts'
import { createDialer } from './dial.ts'
import { UpstreamFault } from './error.ts'
import { ActiveExchange, type ExchangeTimeouts } from './exchange.ts'
import { Pool, type PoolDeps, sharedReadBuffer } from './pool.ts'
import { encodeRequest } from './request-head.ts'

export type * from './contract.ts'

/** A pooled HTTP/1.1 client. */
export interface UpstreamClient {
  /** Starts a request. It never throws: what is wrong with it reaches `onError`, after this returned. */
  send(
    target: UpstreamTarget,
    request: UpstreamRequest,
    handler: UpstreamHandler,
    timeouts?: RequestTimeouts,
  ): Exchange
  /** Refuses new requests, lets those under way end, and closes every connection. */
  close(): Promise<void>
  stats(): UpstreamStats
}

const keyOf = (target: UpstreamTarget) =>
  `${target.protocol} ${target.host} ${target.port} ${target.serverName ?? ''}`

class Http1Client implements UpstreamClient {
  readonly #options: UpstreamClientOptions
  readonly #deps: PoolDeps
  readonly #pools = new Map<string, Pool>()
  /** Building the key for every request would cost more than the lookup. */
  readonly #byTarget = new WeakMap<UpstreamTarget, Pool>()
  readonly #closed = Promise.withResolvers<void>()
  #closing = false
  #retiredOpened = 0
  #retiredResent = 0

  constructor(options: UpstreamClientOptions) {
    this.#options = options
    this.#deps = {
      options,
      deadlines: new Deadlines(),
      dial: createDialer(options),
      sessions: new Map(),
      readBuffer: sharedReadBuffer(),
      onEmpty: (pool) => this.#retire(pool),
    }
  }

  send(
    target: UpstreamTarget,
    request: UpstreamRequest,
    handler: UpstreamHandler,
    timeouts?: RequestTimeouts,
  ): Exchange {
    const exchange = new ActiveExchange(request, handler, this.#timeouts(timeouts))
    try {
      if (this.#closing) throw new UpstreamFault('connect_failed', 'the client is closed')
      exchange.encoded = encodeRequest(request)
      this.#poolOf(target).submit(exchange)
    } catch (error) {
      if (!(error instanceof UpstreamFault)) throw error
      process.nextTick(() => exchange.fail(error))
    }
    return exchange
  }

  close(): Promise<void> {
    this.#closing = true
    for (const pool of [...this.#pools.values()]) pool.drain()
    this.#settle()
    return this.#closed.promise
  }

  stats(): UpstreamStats {
    const pools = [...this.#pools.values()]
    const sum = (count: (pool: Pool) => number) => pools.reduce((sum, pool) => sum + count(pool), 0)
    return {
      targets: pools.length,
      connections: sum((pool) => pool.connections),
      idle: sum((pool) => pool.idle),
      pending: sum((pool) => pool.pending),
      opened: this.#retiredOpened + sum((pool) => pool.opened),
      resent: this.#retiredResent + sum((pool) => pool.resent),
    }
  }

  #timeouts(own: RequestTimeouts | undefined): ExchangeTimeouts {
    if (own === undefined) return this.#options
    const { headerTimeoutMs, idleTimeoutMs } = this.#options
    return {
      headerTimeoutMs: own.headerTimeoutMs ?? headerTimeoutMs,
      idleTimeoutMs: own.idleTimeoutMs ?? idleTimeoutMs,
    }
  }

  #poolOf(target: UpstreamTarget): Pool {
    const known = this.#byTarget.get(target)
    if (known !== undefined && !known.retired) return known
    const key = keyOf(target)
    let pool = this.#pools.get(key)
    if (pool === undefined) {
      pool = new Pool(key, target, this.#deps)
      this.#pools.set(key, pool)
    }
    this.#byTarget.set(target, pool)
    return pool
  }

  #retire(pool: Pool): void {
    pool.retired = true
    this.#retiredOpened += pool.opened
    this.#retiredResent += pool.resent
    this.#pools.delete(pool.key)
    this.#settle()
  }

  #settle(): void {
    if (this.#closing && this.#pools.size === 0) this.#closed.resolve()
  }
}

/** Creates a client; close it when done. */
export const createUpstreamClient = (options: UpstreamClientOptions): UpstreamClient =>
  new Http1Client(options)
