import { ChunkedDecoder } from './chunked.ts'
import { protocolFault, UpstreamFault } from './error.ts'
import { parseResponseHead, type ResponseHead } from './response-head.ts'

/** What a response turns out to be, in order; `complete` or `upgrade` is last. */
export interface ResponseSink {
  head(head: ResponseHead, bodyLength: number): void
  information(head: ResponseHead): void
  data(chunk: Buffer): void
  /** @param excess bytes followed that belong to no response */
  complete(excess: boolean): void
  /** @param rest bytes of the new protocol, valid only during the call */
  upgrade(head: ResponseHead, rest: Buffer): void
}

const State = { stopped: 0, head: 1, length: 2, chunked: 3, untilClose: 4, done: 5 } as const

/** How much is turned into text at once in search of the end of the head: most heads are shorter. */
const headWindow = 4096
/** An upstream may send hints, but not for ever. */
const maxInterimResponses = 16
const earlyFault = /[^\t\r\n -~\x80-\xff]|\r[^\n]|[^\r]\n/
const versionPrefix = 'HTTP/1.'

/** Cuts one connection's bytes into responses (RFC 9112 §6.3), one request at a time. */
export class ResponseReader {
  readonly #sink: ResponseSink
  readonly #maxHeaderBytes: number
  #state: number = State.stopped
  #method = ''
  #upgrade = ''
  #partial = ''
  /** Last three characters of `#partial`, so that the search never starts again from its beginning. */
  #tail = ''
  #interim = 0
  #remaining = 0
  #chunks: ChunkedDecoder

  constructor(sink: ResponseSink, maxHeaderBytes: number) {
    this.#sink = sink
    this.#maxHeaderBytes = maxHeaderBytes
    this.#chunks = new ChunkedDecoder(maxHeaderBytes)
  }

  /** Expects the response to a request; `upgrade` is the protocol asked for, lower case, or empty. */
  begin(method: string, upgrade: string): void {
    this.#state = State.head
    this.#method = method
    this.#upgrade = upgrade
    this.#partial = this.#tail = ''
    this.#interim = 0
  }

  /** Ignores what is left of the bytes being read. */
  stop(): void {
    this.#state = State.stopped
  }

  /**
   * Reads the first `length` bytes of a buffer.
   * @throws UpstreamFault `protocol`, `header_too_large`
   */
  read(bytes: Buffer, length: number): void {
    let at = 0
    while (at < length && this.#state !== State.done && this.#state !== State.stopped) {
      at = this.#step(bytes, at, length)
    }
    if (this.#state === State.done) {
      this.#state = State.stopped
      this.#sink.complete(at < length)
    }
  }

  /** The upstream closed its side. @returns whether that completes the response */
  end(): boolean {
    return this.#state === State.untilClose
  }

  #step(bytes: Buffer, at: number, length: number): number {
    switch (this.#state) {
      case State.head:
        return this.#readHead(bytes, at, length)
      case State.length:
        return this.#readLength(bytes, at, length)
      case State.chunked:
        return this.#readChunks(bytes, at, length)
      default:
        this.#sink.data(bytes.subarray(at, length))
        return length
    }
  }

  #readLength(bytes: Buffer, at: number, length: number): number {
    const end = Math.min(length, at + this.#remaining)
    this.#remaining -= end - at
    // Before the callback, which may stop the reader.
    if (this.#remaining === 0) this.#state = State.done
    this.#sink.data(bytes.subarray(at, end))
    return end
  }

  /** Moves the data of all chunks in this read together: one callback, and one write for who relays it. */
  #readChunks(bytes: Buffer, at: number, length: number): number {
    const chunks = this.#chunks
    let next = at
    let from = at
    let filled = at
    while (next < length && !chunks.done) {
      next = chunks.step(bytes, next, length)
      const { dataStart, dataEnd } = chunks
      if (filled === from) {
        from = dataStart
        filled = dataEnd
      } else if (dataEnd > dataStart) {
        bytes.copyWithin(filled, dataStart, dataEnd)
        filled += dataEnd - dataStart
      }
    }
    if (chunks.done) this.#state = State.done
    if (filled > from) this.#sink.data(bytes.subarray(from, filled))
    return next
  }

  #readHead(bytes: Buffer, at: number, length: number): number {
    const text = bytes.toString('latin1', at, Math.min(length, at + headWindow))
    const seam = this.#tail + text
    const close = seam.indexOf('\r\n\r\n')
    if (close < 0) {
      this.#keepPartial(text, seam)
      return at + text.length
    }
    const size = this.#partial.length - this.#tail.length + close
    if (size > this.#maxHeaderBytes) throw tooLarge()
    const consumed = close + 4 - this.#tail.length
    const head = parseResponseHead((this.#partial + text).slice(0, size))
    this.#partial = this.#tail = ''
    this.#acceptHead(head, bytes, at + consumed, length)
    return at + consumed
  }

  /** Refuses early what can no longer become a head, instead of waiting for its end. */
  #keepPartial(text: string, seam: string): void {
    if (this.#partial.length < versionPrefix.length) {
      const start = (this.#partial + text).slice(0, versionPrefix.length)
      if (!versionPrefix.startsWith(start)) throw protocolFault('not an HTTP/1 response')
    }
    if (earlyFault.test(seam)) throw protocolFault('control character or bare CR or LF in the head')
    this.#partial += text
    this.#tail = seam.slice(-3)
    if (this.#partial.length > this.#maxHeaderBytes) throw tooLarge()
  }

  #acceptHead(head: ResponseHead, bytes: Buffer, at: number, length: number): void {
    if (head.status >= 200) this.#beginBody(head)
    else if (head.status === 101) this.#switchProtocol(head, bytes.subarray(at, length))
    else {
      if (++this.#interim > maxInterimResponses) throw protocolFault('too many interim responses')
      if (head.status !== 100) this.#sink.information(head)
    }
  }

  #switchProtocol(head: ResponseHead, rest: Buffer): void {
    if (this.#upgrade === '' || head.upgrade !== this.#upgrade) {
      throw protocolFault('switched to a protocol that was not asked for')
    }
    this.#state = State.stopped
    this.#sink.upgrade(head, rest)
  }

  #beginBody(head: ResponseHead): void {
    const bodiless = this.#method === 'HEAD' || head.status === 204 || head.status === 304
    const length = bodiless || head.chunked ? -1 : head.contentLength
    if (bodiless || length === 0) {
      this.#state = State.done
      const describes = this.#method === 'HEAD' || head.status === 304
      if (describes && head.contentLength >= 0) {
        head.headers.push('Content-Length', String(head.contentLength))
      }
      this.#sink.head(head, 0)
      return
    }
    this.#remaining = length
    if (length > 0) this.#state = State.length
    else if (head.chunked) {
      this.#state = State.chunked
      this.#chunks = new ChunkedDecoder(this.#maxHeaderBytes)
    } else this.#state = State.untilClose
    this.#sink.head(head, length)
  }
}

const tooLarge = () => new UpstreamFault('header_too_large', 'response head too large')
