import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request as it came in, over HTTP/1.1 or HTTP/2. */
export type Incoming = IncomingMessage | Http2ServerRequest
/** The response to it. */
export type Outgoing = ServerResponse | Http2ServerResponse

/** Whether the client's connection is TLS: the connection's word, not the request's. */
export const isEncrypted = (incoming: Incoming): boolean =>
  'stream' in incoming
    ? incoming.stream.session?.encrypted === true
    : 'encrypted' in incoming.socket

/**
 * Flat headers as an object for HTTP/2. Node refuses a second value of many headers; joined, they
 * mean the same (RFC 9110 §5.3), Set-Cookie excepted.
 */
const toHeaderObject = (headers: readonly string[]): Record<string, string | string[]> => {
  const result: Record<string, string | string[]> = Object.create(null)
  const cookies: string[] = []
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase()
    const value = headers[i + 1] as string
    if (name === 'set-cookie') cookies.push(value)
    else result[name] = name in result ? `${result[name]}, ${value}` : value
  }
  if (cookies.length > 0) result['set-cookie'] = cookies
  return result
}

const has = (headers: readonly string[], name: string): boolean => {
  for (let i = 0; i < headers.length; i += 2) {
    const candidate = headers[i] as string
    if (candidate.length === name.length && candidate.toLowerCase() === name) return true
  }
  return false
}

/** Writes a response head from a flat header list; a Date is added where there is none. */
export const writeHead = (res: Outgoing, status: number, headers: string[]): void => {
  if ('stream' in res) {
    res.writeHead(status, toHeaderObject(headers))
    return
  }
  res.sendDate = !has(headers, 'date')
  res.writeHead(status, headers)
}
