import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { StreamBody } from './contract.ts'
import { UpstreamFault } from './error.ts'

/** Hears how the sending of a body goes. */
export interface SenderOwner {
  /** Every byte is written. */
  bodySent(): void
  /** The upstream takes no more bytes for now, or takes them again. */
  bodyBlocked(blocked: boolean): void
  /** The body cannot be completed. */
  lose(fault: UpstreamFault): void
}

/** Sends the part of a request that did not go with its head. */
export interface BodySender {
  /** Head and body begin in one write where the body is at hand. */
  start(head: string): void
  /** Leaves source and socket alone from here on; a stream is left paused. */
  stop(): void
}

/** One write's worth of a large buffer: enough to keep the socket busy, little enough to see it stall. */
const sliceBytes = 262_144

/** Sends a buffer slice by slice, so that a stalled upstream is noticed. */
class BufferSender implements BodySender {
  readonly #socket: Socket
  readonly #body: Buffer
  readonly #owner: SenderOwner
  #at = 0

  constructor(socket: Socket, body: Buffer, owner: SenderOwner) {
    this.#socket = socket
    this.#body = body
    this.#owner = owner
  }

  start(head: string): void {
    this.#socket.on('drain', this.#resume)
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    this.#write()
    this.#socket.uncork()
    if (this.#at >= this.#body.length && !this.#socket.writableNeedDrain) this.#finish()
    else this.#owner.bodyBlocked(true)
  }

  stop(): void {
    this.#socket.off('drain', this.#resume)
  }

  #write(): void {
    const end = Math.min(this.#body.length, this.#at + sliceBytes)
    this.#socket.write(this.#body.subarray(this.#at, end))
    this.#at = end
  }

  #resume = (): void => {
    while (this.#at < this.#body.length && !this.#socket.writableNeedDrain) this.#write()
    if (this.#socket.writableNeedDrain) this.#owner.bodyBlocked(true)
    else this.#finish()
  }

  #finish(): void {
    this.stop()
    this.#owner.bodySent()
  }
}

const sourceFault = (message: string, cause?: unknown) =>
  new UpstreamFault('body_source', message, cause)

/** Sends a stream, at the pace of the slower of its source and the upstream. */
class StreamSender implements BodySender {
  readonly #socket: Socket
  readonly #stream: NodeJS.ReadableStream
  readonly #owner: SenderOwner
  readonly #length: number | null
  #sent = 0

  constructor(socket: Socket, body: StreamBody, owner: SenderOwner) {
    this.#socket = socket
    this.#stream = body.stream
    this.#length = body.length
    this.#owner = owner
  }

  start(head: string): void {
    const source = this.#stream as Partial<Readable>
    if (source.destroyed === true || source.readableEnded === true) {
      this.#owner.lose(sourceFault('the request body was already read or destroyed'))
      return
    }
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    // What the stream already holds leaves together with the head.
    process.nextTick(() => this.#socket.uncork())
    this.#socket.on('drain', this.#resume)
    this.#stream.on('error', this.#fail)
    this.#stream.on('close', this.#closed)
    this.#stream.on('end', this.#end)
    this.#stream.on('data', this.#data)
  }

  stop(): void {
    this.#socket.off('drain', this.#resume)
    this.#stream.off('data', this.#data)
    this.#stream.off('end', this.#end)
    this.#stream.off('close', this.#closed)
    this.#stream.off('error', this.#fail)
    this.#stream.pause()
  }

  #data = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    if (bytes.length === 0) return
    this.#sent += bytes.length
    if (this.#length !== null && this.#sent > this.#length) {
      this.#fail(new Error('longer than announced'))
      return
    }
    if (!this.#write(bytes)) {
      this.#stream.pause()
      this.#owner.bodyBlocked(true)
    }
  }

  #write(bytes: Buffer): boolean {
    const socket = this.#socket
    if (this.#length !== null) return socket.write(bytes)
    socket.cork()
    socket.write(`${bytes.length.toString(16)}\r\n`, 'latin1')
    socket.write(bytes)
    const more = socket.write('\r\n', 'latin1')
    socket.uncork()
    return more
  }

  #resume = (): void => {
    this.#owner.bodyBlocked(false)
    this.#stream.resume()
  }

  #end = (): void => {
    if (this.#length !== null && this.#sent < this.#length) {
      this.#fail(new Error('shorter than announced'))
      return
    }
    if (this.#length === null) this.#socket.write('0\r\n\r\n', 'latin1')
    this.stop()
    this.#owner.bodySent()
  }

  /** A close after the end is not heard: `#end` stops listening. */
  #closed = (): void => this.#fail(new Error('closed before its end'))

  #fail = (cause: unknown): void => {
    this.stop()
    this.#owner.lose(sourceFault('the request body could not be read', cause))
  }
}

/** The sender for a body. */
export const createBodySender = (
  socket: Socket,
  body: Buffer | StreamBody,
  owner: SenderOwner,
): BodySender =>
  Buffer.isBuffer(body)
    ? new BufferSender(socket, body, owner)
    : new StreamSender(socket, body, owner)
