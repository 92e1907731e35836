import type { StreamBody, UpstreamRequest } from './contract.ts'
import { UpstreamFault } from './error.ts'
import { FieldKind, fieldName, isToken } from './field-name.ts'

/** A request as it goes on the wire: one latin1 string, and a body too large to be part of it. */
export interface EncodedRequest {
  readonly text: string
  readonly rest: Buffer | StreamBody | null
}

/** Up to here a copy into the head's string is cheaper than a second write. */
const maxInlineBytes = 16_384

/** Beyond 0xff a character would be cut to its low byte, and U+010A become a line feed. */
const badTarget = /[^\x21-\x7e\x80-\xff]/
const badValue = /[^\t\x20-\x7e\x80-\xff]/

/** Methods whose content has meaning, so that its absence is said (RFC 9110 §8.6). */
const bodyMethods = new Set(['POST', 'PUT', 'PATCH'])

/** A request that must not be written: it could be read as something else. */
const refused = (message: string) => new UpstreamFault('protocol', `request refused: ${message}`)

const encodeHeaders = (headers: readonly string[]): string => {
  if (headers.length % 2 !== 0) throw refused('a header without a value')
  let text = ''
  let hosts = 0
  for (let index = 0; index < headers.length; index += 2) {
    const field = fieldName(headers[index] as string)
    if (field === undefined) throw refused('malformed header name')
    if (field.kind !== FieldKind.endToEnd) {
      if (field.kind !== FieldKind.host) continue
      hosts++
    }
    const value = headers[index + 1] as string
    if (badValue.test(value)) throw refused(`malformed value of ${field.lower}`)
    text += `${field.name}: ${value}\r\n`
  }
  if (hosts !== 1) throw refused('not exactly one Host header')
  return text
}

const requestLine = (method: string, path: string): string => {
  if (!isToken(method) || method === 'CONNECT') throw refused('unusable method')
  if ((path[0] !== '/' && path !== '*') || badTarget.test(path)) throw refused('malformed path')
  return `${method} ${path} HTTP/1.1\r\n`
}

const encodeUpgrade = (protocol: string): string => {
  if (!isToken(protocol)) throw refused('malformed Upgrade')
  return `Connection: Upgrade\r\nUpgrade: ${protocol}\r\n`
}

/**
 * Writes a request by RFC 9112 §3, with framing headers of its own.
 * @throws UpstreamFault `protocol` when a part could break out of its place
 */
export const encodeRequest = (request: UpstreamRequest): EncodedRequest => {
  const { method, path, body } = request
  let head = `${requestLine(method, path)}${encodeHeaders(request.headers)}`
  if (request.upgrade !== undefined) head += encodeUpgrade(request.upgrade)
  if (body === null) {
    if (bodyMethods.has(method)) head += 'Content-Length: 0\r\n'
    return { text: `${head}\r\n`, rest: null }
  }
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    head += `Content-Length: ${body.length}\r\n\r\n`
    if (body.length > maxInlineBytes) return { text: head, rest: toBuffer(body) }
    return { text: head + (typeof body === 'string' ? body : body.toString('latin1')), rest: null }
  }
  const framing =
    body.length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`
  return { text: `${head}${framing}\r\n\r\n`, rest: body }
}

const toBuffer = (body: string | Buffer) =>
  typeof body === 'string' ? Buffer.from(body, 'latin1') : body
