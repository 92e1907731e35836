import { protocolFault, UpstreamFault } from './error.ts'
import { checkTrailers } from './response-head.ts'

const State = {
  size: 0,
  extension: 1,
  sizeLf: 2,
  data: 3,
  dataCr: 4,
  dataLf: 5,
  trailers: 6,
  done: 7,
} as const

/** 2^48 bytes: more digits than any chunk needs, and still exact in a double. */
const maxSizeDigits = 12
/** All extensions of a body together: they are never used, so an upstream has no reason to send many. */
const maxExtensionBytes = 16_384

const CR = 0x0d
const LF = 0x0a
const SEMICOLON = 0x3b

const hexValue = (code: number): number => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Decodes the chunked coding (RFC 9112 §7.1), strictly: what it does not know for sure it refuses. */
export class ChunkedDecoder {
  /** The data found by the last `step`: `[dataStart, dataEnd)` of its buffer. */
  dataStart = 0
  dataEnd = 0
  readonly #maxTrailerBytes: number
  #state: number = State.size
  #size = 0
  #digits = 0
  #extensionBytes = 0
  #trailers = ''

  constructor(maxTrailerBytes: number) {
    this.#maxTrailerBytes = maxTrailerBytes
  }

  get done(): boolean {
    return this.#state === State.done
  }

  /**
   * Reads on from `start` up to the end of the next piece of data, of the body, or of the buffer.
   * @returns where it stopped
   * @throws UpstreamFault `protocol`, `header_too_large` (trailers)
   */
  step(bytes: Buffer, start: number, end: number): number {
    this.dataStart = this.dataEnd = 0
    let at = start
    while (at < end && this.#state !== State.done) {
      if (this.#state === State.data) return this.#takeData(at, end)
      if (this.#state === State.trailers) at = this.#takeTrailers(bytes, at, end)
      else this.#takeByte(bytes[at++] as number)
    }
    return at
  }

  #takeData(at: number, end: number): number {
    this.dataStart = at
    this.dataEnd = Math.min(end, at + this.#size)
    this.#size -= this.dataEnd - at
    if (this.#size === 0) this.#state = State.dataCr
    return this.dataEnd
  }

  #takeByte(byte: number): void {
    switch (this.#state) {
      case State.size:
        this.#takeSize(byte)
        break
      case State.extension:
        this.#takeExtension(byte)
        break
      case State.sizeLf:
        this.#expect(byte, LF, this.#size === 0 ? State.trailers : State.data)
        break
      case State.dataCr:
        this.#expect(byte, CR, State.dataLf)
        break
      default:
        this.#expect(byte, LF, State.size)
        this.#size = this.#digits = 0
    }
  }

  #expect(byte: number, expected: number, next: number): void {
    if (byte !== expected) throw protocolFault('malformed chunk')
    this.#state = next
  }

  #takeSize(byte: number): void {
    const value = hexValue(byte)
    if (value >= 0) {
      if (++this.#digits > maxSizeDigits) throw protocolFault('chunk size too long')
      this.#size = this.#size * 16 + value
    } else if (this.#digits === 0) throw protocolFault('malformed chunk size')
    else if (byte === CR) this.#state = State.sizeLf
    else if (byte === SEMICOLON) this.#state = State.extension
    else throw protocolFault('malformed chunk size')
  }

  #takeExtension(byte: number): void {
    if (++this.#extensionBytes > maxExtensionBytes) throw protocolFault('chunk extensions too long')
    if (byte === CR) this.#state = State.sizeLf
    else if ((byte < 0x20 && byte !== 0x09) || byte === 0x7f) {
      throw protocolFault('malformed chunk extension')
    }
  }

  #takeTrailers(bytes: Buffer, at: number, end: number): number {
    const before = this.#trailers.length
    const room = this.#maxTrailerBytes + 4 - before
    const text = this.#trailers + bytes.toString('latin1', at, Math.min(end, at + room))
    if (text.startsWith('\r\n')) {
      this.#state = State.done
      return at + 2 - before
    }
    const close = text.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (close >= 0) {
      checkTrailers(text.slice(0, close))
      this.#state = State.done
      return at + close + 4 - before
    }
    if (text.length > this.#maxTrailerBytes) {
      throw new UpstreamFault('header_too_large', 'trailers too large')
    }
    this.#trailers = text
    return end
  }
}
