import type { OnReadOpts } from 'node:net'
import { Connection } from './connection.ts'
import type { ConnectionDeps, ConnectionOwner } from './connection-owner.ts'
import type { UpstreamClientOptions, UpstreamTarget } from './contract.ts'
import type { Deadlines } from './deadlines.ts'
import type { Dialer } from './dial.ts'
import { UpstreamFault } from './error.ts'
import type { ActiveExchange, WaitingRoom } from './exchange.ts'

/** What the pools of a client share. */
export interface PoolDeps {
  readonly options: UpstreamClientOptions
  readonly deadlines: Deadlines
  readonly dial: Dialer
  /** Reads into this where the platform reads at once; see `readBuffer`. */
  readonly readBuffer: Buffer | null
  /** TLS sessions by pool key: they outlive the pool. */
  readonly sessions: Map<string, Buffer>
  /** The last connection is gone and nobody waits. */
  onEmpty(pool: Pool): void
}

const readBufferBytes = 65_536
const tlsRecordBytes = 16_384
const maxSessions = 1000

/**
 * On Unix a read fills the buffer and calls back before anything else is read, so all plain sockets
 * of a client can share one; Windows hands the buffer to the kernel in advance.
 */
export const sharedReadBuffer = (): Buffer | null =>
  process.platform === 'win32' ? null : Buffer.allocUnsafeSlow(readBufferBytes)

/** The connections to one target: a stack of idle ones, so that few stay warm and the rest expire. */
export class Pool implements ConnectionOwner, WaitingRoom {
  /** Out of the client's table; a holder must look the target up again. */
  retired = false
  opened = 0
  resent = 0
  readonly key: string
  readonly #target: UpstreamTarget
  readonly #deps: PoolDeps
  readonly #idle: Connection[] = []
  readonly #all = new Set<Connection>()
  readonly #waiting = new Set<ActiveExchange>()
  #draining = false

  constructor(key: string, target: UpstreamTarget, deps: PoolDeps) {
    this.key = key
    this.#target = target
    this.#deps = deps
  }

  get connections(): number {
    return this.#all.size
  }

  get idle(): number {
    return this.#idle.length
  }

  get pending(): number {
    return this.#waiting.size
  }

  /** Serves an exchange now, or as soon as a connection is free. */
  submit(exchange: ActiveExchange): void {
    const { maxConnectionsPerTarget, maxPendingPerTarget, connectTimeoutMs } = this.#deps.options
    const single = exchange.request.upgrade !== undefined
    const idle = single ? undefined : this.#idle.pop()
    if (idle !== undefined) {
      idle.begin(exchange)
      return
    }
    if (this.#all.size >= maxConnectionsPerTarget) this.#idle[0]?.destroy()
    if (this.#all.size < maxConnectionsPerTarget) {
      this.#open(exchange)
      return
    }
    if (this.#waiting.size >= maxPendingPerTarget) {
      const fault = new UpstreamFault('pool_full', 'too many requests wait for a connection')
      process.nextTick(() => exchange.fail(fault))
      return
    }
    this.#waiting.add(exchange)
    exchange.waitingIn = this
    this.#deps.deadlines.add(exchange)
    this.#deps.deadlines.arm(exchange, connectTimeoutMs)
  }

  forget(exchange: ActiveExchange): void {
    this.#waiting.delete(exchange)
    exchange.waitingIn = null
    this.#deps.deadlines.remove(exchange)
  }

  released(connection: Connection): void {
    const next = this.#nextWaiting()
    if (next === undefined) {
      this.#idle.push(connection)
      if (this.#draining) connection.destroy()
    } else if (next.request.upgrade === undefined) {
      this.forget(next)
      connection.begin(next)
    } else connection.destroy()
  }

  closed(connection: Connection, resend: ActiveExchange | null): void {
    this.#all.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
    if (resend !== null) {
      this.resent++
      this.#open(resend)
    }
    const next = this.#nextWaiting()
    if (next !== undefined && this.#all.size < this.#deps.options.maxConnectionsPerTarget) {
      this.forget(next)
      this.#open(next)
    }
    if (this.#all.size === 0 && this.#waiting.size === 0) this.#deps.onEmpty(this)
  }

  unreached(fault: UpstreamFault): void {
    this.#deps.options.onUnreached?.(this.#target, fault)
  }

  /** Closes what is idle, now and later. */
  drain(): void {
    this.#draining = true
    for (const connection of [...this.#idle]) connection.destroy()
  }

  #nextWaiting(): ActiveExchange | undefined {
    return this.#waiting.values().next().value
  }

  #open(exchange: ActiveExchange): void {
    const { maxHeaderBytes, connectTimeoutMs, keepAliveMs } = this.#deps.options
    const { deadlines } = this.#deps
    const single = exchange.request.upgrade !== undefined
    const limits = { maxHeaderBytes, connectTimeoutMs, keepAliveMs, single }
    const deps: ConnectionDeps = { owner: this, deadlines, ...limits }
    const connection = new Connection(deps, exchange)
    this.#all.add(connection)
    this.opened++
    try {
      this.#dial(connection, single)
    } catch (error) {
      const fault = error instanceof UpstreamFault ? error : connectFault(error)
      process.nextTick(() => connection.lose(fault))
    }
  }

  #dial(connection: Connection, single: boolean): void {
    const secure = this.#target.protocol === 'https'
    const onread = single ? undefined : this.#readInto(connection, secure)
    const socket = this.#deps.dial({
      target: this.#target,
      onread,
      session: this.#deps.sessions.get(this.key),
    })
    if (secure) socket.on('session', (session: Buffer) => this.#remember(session))
    connection.attach(socket, secure)
  }

  #remember(session: Buffer): void {
    const { sessions } = this.#deps
    sessions.delete(this.key)
    sessions.set(this.key, session)
    const oldest = sessions.keys().next().value
    if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest)
  }

  #readInto(connection: Connection, secure: boolean): OnReadOpts {
    const shared = secure ? null : this.#deps.readBuffer
    const buffer = shared ?? Buffer.allocUnsafeSlow(secure ? tlsRecordBytes : readBufferBytes)
    return {
      buffer,
      callback: (length) => {
        connection.read(buffer, length)
        return true
      },
    }
  }
}

const connectFault = (cause: unknown) =>
  new UpstreamFault('connect_failed', 'the connection could not be made', cause)
