import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request as it came in, over HTTP/1.1 or HTTP/2. */
export type Incoming = IncomingMessage | Http2ServerRequest
/** The response to it. */
export type Outgoing = ServerResponse | Http2ServerResponse

/** Flat headers as an object; a name that comes several times keeps all its values. */
const toHeaderObject = (headers: readonly string[]): Record<string, string | string[]> => {
  const result: Record<string, string | string[]> = Object.create(null)
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase()
    const value = headers[i + 1] as string
    const before = result[name]
    if (before === undefined) result[name] = value
    else result[name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
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
