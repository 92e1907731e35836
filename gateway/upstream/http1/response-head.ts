import { protocolFault } from './error.ts'
import { FieldKind, fieldName } from './field-name.ts'

/** A response head with what its framing headers say taken out. */
export interface ResponseHead {
  readonly status: number
  /** Flat name, value list without hop-by-hop and framing headers. */
  readonly headers: string[]
  /** Content-Length, or -1. */
  readonly contentLength: number
  readonly chunked: boolean
  /** The connection may serve another request. */
  readonly keepAlive: boolean
  /** `Keep-Alive: timeout=` in milliseconds, or -1. */
  readonly keepAliveMs: number
  /** Protocol of an Upgrade header, lower case. */
  readonly upgrade: string
}

/** Control characters, and CR or LF that are not together: none may appear in a head (RFC 9112 §2.2). */
const forbidden = /[^\t\r\n -~\x80-\xff]|\r(?!\n)|(?<!\r)\n/
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |\r\n|$)/
/** Fifteen digits stay below 2^53. */
const decimal = /^\d{1,15}$/

class HeadBuilder implements ResponseHead {
  readonly status: number
  headers: string[] = []
  contentLength = -1
  chunked = false
  keepAlive: boolean
  keepAliveMs = -1
  upgrade = ''
  #http10: boolean
  #connection = ''

  constructor(status: number, http10: boolean) {
    this.status = status
    this.#http10 = http10
    this.keepAlive = !http10
  }

  /** Takes a header the client itself acts upon. */
  take(kind: number, value: string): void {
    switch (kind) {
      case FieldKind.contentLength:
        this.#takeLength(value)
        break
      case FieldKind.transferEncoding:
        this.#takeTransferEncoding(value)
        break
      case FieldKind.connection:
        this.#connection += this.#connection === '' ? value : `,${value}`
        break
      case FieldKind.keepAlive:
        this.#takeKeepAlive(value)
        break
      case FieldKind.upgrade:
        this.upgrade = value.toLowerCase()
        break
      default:
    }
  }

  finish(): ResponseHead {
    if (this.chunked && this.contentLength >= 0) {
      throw protocolFault('both Transfer-Encoding and Content-Length')
    }
    if (this.#connection !== '') this.#applyConnection(this.#connection.toLowerCase())
    return this
  }

  #takeLength(value: string): void {
    if (!decimal.test(value)) throw protocolFault('malformed Content-Length')
    const length = Number(value)
    if (this.contentLength >= 0 && this.contentLength !== length) {
      throw protocolFault('differing Content-Length headers')
    }
    this.contentLength = length
  }

  /** No TE was sent, so chunked alone is all that an upstream may use; RFC 9112 §6.1 forbids it in HTTP/1.0. */
  #takeTransferEncoding(value: string): void {
    if (this.chunked || this.#http10 || value.toLowerCase() !== 'chunked') {
      throw protocolFault('unsupported Transfer-Encoding')
    }
    this.chunked = true
  }

  #takeKeepAlive(value: string): void {
    const seconds = /(?:^|[,\s])timeout\s*=\s*"?(\d{1,6})/i.exec(value)?.[1]
    if (seconds !== undefined) this.keepAliveMs = Number(seconds) * 1000
  }

  #applyConnection(value: string): void {
    if (value === 'keep-alive') {
      this.keepAlive = true
      return
    }
    const options = new Set(value.split(',').map((option) => option.trim()))
    if (options.has('keep-alive')) this.keepAlive = true
    if (options.has('close')) this.keepAlive = false
    this.headers = withoutNamed(this.headers, options)
  }
}

/** Headers that a Connection header names are for this hop only (RFC 9110 §7.6.1). */
const withoutNamed = (headers: string[], names: ReadonlySet<string>): string[] => {
  const kept: string[] = []
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] as string
    if (!names.has(name.toLowerCase())) kept.push(name, headers[index + 1] as string)
  }
  return kept
}

const isBlank = (code: number) => code === 0x20 || code === 0x09

/** Strips optional whitespace (space and tab only: `trim` would also take obs-text bytes). */
const fieldValue = (text: string, start: number, end: number): string => {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

const readFields = (text: string, start: number, head: HeadBuilder): void => {
  let at = start
  while (at < text.length) {
    const next = text.indexOf('\r\n', at)
    const end = next < 0 ? text.length : next
    const colon = text.indexOf(':', at)
    if (colon < 0 || colon > end) throw protocolFault('header line without a colon')
    // Also catches folded lines and a space before the colon: neither is a token.
    const field = fieldName(text.slice(at, colon))
    if (field === undefined) throw protocolFault('malformed header name')
    const value = fieldValue(text, colon + 1, end)
    if (field.kind === FieldKind.endToEnd || field.kind === FieldKind.host)
      head.headers.push(field.name, value)
    else head.take(field.kind, value)
    at = end + 2
  }
}

/**
 * Parses a response head, given without its closing empty line, by RFC 9112.
 * @throws UpstreamFault `protocol` for anything a lenient reader might frame differently
 */
export const parseResponseHead = (text: string): ResponseHead => {
  if (forbidden.test(text)) throw protocolFault('control character or bare CR or LF in the head')
  const match = statusLine.exec(text.length > 16 ? text.slice(0, 16) : text)
  if (match === null) throw protocolFault('malformed status line')
  const lineEnd = text.indexOf('\r\n')
  const head = new HeadBuilder(Number(match[2]), match[1] === '0')
  if (lineEnd >= 0) readFields(text, lineEnd + 2, head)
  return head.finish()
}

/** Checks a trailer section, given without its closing empty line; its fields are dropped. */
export const checkTrailers = (text: string): void => {
  if (forbidden.test(text))
    throw protocolFault('control character or bare CR or LF in the trailers')
  readFields(text, 0, new HeadBuilder(200, false))
}
