import type { Socket } from 'node:net'
import { type BodySender, createBodySender, type SenderOwner } from './body-sender.ts'
import { type ConnectionPhase, closeFault, handlerFault, timeoutFault } from './connection-fault.ts'
import type { ConnectionDeps } from './connection-owner.ts'
import type { Deadline } from './deadlines.ts'
import { protocolFault, UpstreamFault } from './error.ts'
import type { ActiveExchange, ExchangeConnection } from './exchange.ts'
import { keepAliveAfter } from './keep-alive.ts'
import type { ResponseHead } from './response-head.ts'
import { ResponseReader, type ResponseSink } from './response-reader.ts'

/** One socket and the exchange on it. */
export class Connection implements Deadline, ExchangeConnection, ResponseSink, SenderOwner {
  slot = -1
  timeoutMs = 0
  dueAt = 0
  touched = false
  reused = false
  readonly #deps: ConnectionDeps
  readonly #reader: ResponseReader
  #socket: Socket | null = null
  #exchange: ActiveExchange | null
  #sender: BodySender | null = null
  #phase: ConnectionPhase = 'connecting'
  #requestSent = false
  #answered = false
  #keepMs = 0
  #cause: Error | undefined

  /** Is born with the exchange it is dialled for. */
  constructor(deps: ConnectionDeps, exchange: ActiveExchange) {
    this.#deps = deps
    this.#exchange = exchange
    this.#reader = new ResponseReader(this, deps.maxHeaderBytes)
    exchange.connection = this
    deps.deadlines.add(this)
    this.#arm(deps.connectTimeoutMs)
  }

  /** Takes the socket being connected. */
  attach(socket: Socket, secure: boolean): void {
    this.#socket = socket
    socket.on('connect', () => {
      if (secure && this.#phase === 'connecting') this.#phase = 'securing'
      else if (!secure) this.#opened()
    })
    if (secure) socket.on('secureConnect', () => this.#opened())
    socket.on('error', this.#onError)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onClose)
    if (this.#deps.single) socket.on('data', this.#onChunk)
  }

  #onChunk = (chunk: Buffer): void => this.read(chunk, chunk.length)
  #onError = (error: Error): void => {
    this.#cause = error
  }
  #onClose = (): void => this.lose(closeFault(this.#phase, this.#cause))

  /** The upstream closed its side: the end of a body without a length, of nothing else. */
  #onEnd = (): void => {
    const exchange = this.#exchange
    if (exchange?.headSeen === true && this.#reader.end()) {
      this.#detach(exchange)
      this.destroy()
      exchange.handler.onEnd()
    } else this.#onClose()
  }

  #opened(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'open'
    const exchange = this.#exchange
    if (exchange === null) this.destroy()
    else this.#write(exchange)
  }

  /** Serves another exchange. */
  begin(exchange: ActiveExchange): void {
    this.reused = true
    this.#exchange = exchange
    exchange.connection = this
    this.#write(exchange)
  }

  #write(exchange: ActiveExchange): void {
    const { encoded, request } = exchange
    const socket = this.#socket
    if (encoded === null || socket === null) return
    this.#answered = false
    this.#reader.begin(request.method, request.upgrade?.toLowerCase() ?? '')
    exchange.sent = true
    if (exchange.paused) socket.pause()
    const { rest } = encoded
    if (rest === null) {
      this.#requestSent = true
      this.#armExchange(exchange)
      socket.write(encoded.text, 'latin1')
      return
    }
    this.#requestSent = false
    this.#arm(0)
    this.#sender = createBodySender(socket, rest, this)
    this.#sender.start(encoded.text)
  }

  /** Takes the bytes the socket read. */
  read(bytes: Buffer, length: number): void {
    const exchange = this.#exchange
    if (exchange === null || this.#phase !== 'open') {
      // Nothing was asked: these bytes belong to no request (response smuggling).
      this.lose(protocolFault('unexpected bytes'))
      return
    }
    this.#answered = true
    this.touched = exchange.headSeen
    try {
      this.#reader.read(bytes, length)
    } catch (error) {
      if (!exchange.live) throw error
      this.lose(error instanceof UpstreamFault ? error : handlerFault(error))
    }
  }

  head(head: ResponseHead, bodyLength: number): void {
    const exchange = this.#exchange
    if (exchange === null) return
    exchange.headSeen = true
    this.#keepMs = this.#deps.single ? 0 : keepAliveAfter(head, this.#deps.keepAliveMs)
    if (this.#requestSent) this.#armExchange(exchange)
    exchange.handler.onHead(head.status, head.headers, bodyLength)
  }

  information(head: ResponseHead): void {
    this.#exchange?.handler.onInformation?.(head.status, head.headers)
  }

  data(chunk: Buffer): void {
    this.#exchange?.handler.onData(chunk)
  }

  complete(excess: boolean): void {
    const exchange = this.#exchange
    if (exchange === null) return
    const keep = !excess && this.#requestSent && this.#keepMs > 0
    const { paused } = exchange
    this.#detach(exchange)
    if (keep) {
      if (paused) this.#socket?.resume()
      this.#arm(this.#keepMs)
      this.#deps.owner.released(this)
    } else this.destroy()
    exchange.handler.onEnd()
  }

  upgrade(head: ResponseHead, rest: Buffer): void {
    const exchange = this.#exchange
    const socket = this.#socket
    if (exchange === null || socket === null) return
    if (exchange.handler.onUpgrade === undefined) throw protocolFault('nobody takes the upgrade')
    this.#detach(exchange)
    this.#phase = 'closed'
    socket.off('data', this.#onChunk)
    socket.off('end', this.#onEnd)
    socket.off('close', this.#onClose)
    socket.pause()
    this.#deps.deadlines.remove(this)
    this.#deps.owner.closed(this, null)
    exchange.handler.onUpgrade(head.status, head.headers, socket, Buffer.from(rest))
  }

  bodySent(): void {
    this.#sender = null
    this.#requestSent = true
    if (this.#exchange !== null) this.#armExchange(this.#exchange)
  }

  bodyBlocked(blocked: boolean): void {
    const exchange = this.#exchange
    if (exchange !== null) this.#arm(blocked ? exchange.timeouts.headerTimeoutMs : 0)
  }

  pause(): void {
    if (this.#phase !== 'open') return
    this.#socket?.pause()
    if (this.#requestSent) this.#arm(0)
  }

  resume(): void {
    if (this.#phase !== 'open') return
    if (this.#requestSent && this.#exchange !== null) this.#armExchange(this.#exchange)
    this.#socket?.resume()
  }

  abandon(): void {
    if (this.#exchange !== null) this.#detach(this.#exchange)
    this.destroy()
  }

  expire(): void {
    const exchange = this.#exchange
    if (exchange === null) this.destroy()
    else this.lose(timeoutFault(this.#phase, exchange.headSeen && this.#requestSent))
  }

  /**
   * Destroys the connection and ends its exchange with a fault, or hands it over for another try:
   * once, because the fresh connection that serves it is not a reused one.
   */
  lose(fault: UpstreamFault): void {
    const exchange = this.#exchange
    const stale = exchange !== null && fault.code === 'reset' && this.reused && !this.#answered
    const resend = stale && exchange.replayable ? exchange : null
    if (this.#phase !== 'open') this.#deps.owner.unreached(fault)
    this.#release()
    this.destroy(resend)
    if (resend === null) exchange?.fail(fault)
  }

  /** Closes the socket and leaves the pool. */
  destroy(resend: ActiveExchange | null = null): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#deps.deadlines.remove(this)
    this.#socket?.destroy()
    this.#deps.owner.closed(this, resend)
  }

  /** The exchange is over as far as this connection is concerned. */
  #detach(exchange: ActiveExchange): void {
    this.#release()
    exchange.finish()
  }

  #release(): void {
    this.#sender?.stop()
    this.#sender = null
    this.#reader.stop()
    this.#exchange = null
  }

  #armExchange(exchange: ActiveExchange): void {
    const { headerTimeoutMs, idleTimeoutMs } = exchange.timeouts
    if (exchange.paused) this.#arm(0)
    else this.#arm(exchange.headSeen ? idleTimeoutMs : headerTimeoutMs)
  }

  #arm(timeoutMs: number): void {
    this.#deps.deadlines.arm(this, timeoutMs)
  }
}
