import { constants } from 'node:http2'
import type { LinkedRoute } from '../link/linked-route.ts'
import type { Exchange as UpstreamExchange } from '../upstream/http1/contract.ts'
import { resetConnection } from './connection-end.ts'
import { type Outgoing, writeHead } from './http.ts'
import type { ParsedRequest } from './parsed-request.ts'

/** Strings are written together with the head in one call, up to what is cheap to copy. */
const MAX_STRING_BYTES = 16_384

const without = (headers: readonly string[], names: readonly string[]): string[] => {
  const kept: string[] = []
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string
    if (!names.includes(name.toLowerCase())) kept.push(name, headers[i + 1] as string)
  }
  return kept
}

/** The headers that the client gets: the backend's, changed as the route says. */
export const toClientHeaders = (
  route: LinkedRoute,
  request: ParsedRequest,
  upstream: string[],
): string[] => {
  const { cors, editResponse } = route
  let headers = upstream
  if (cors)
    headers = [...without(headers, cors.replaces), ...cors.respond(request.header('origin'))]
  return editResponse ? editResponse(headers) : headers
}

/** @returns whether the client takes more. */
const write = (res: Outgoing, chunk: Buffer): boolean => {
  if ('stream' in res) return res.write(Buffer.from(chunk))
  if (chunk.length > MAX_STRING_BYTES) return res.write(Buffer.from(chunk))
  return res.write(chunk.toString('latin1'), 'latin1')
}

/**
 * Writes one response. The head waits for the first bytes of a body that is known to come, so that
 * a small response is one write.
 */
export class ResponseRelay {
  readonly #res: Outgoing
  #status = 0
  #headers: string[] | undefined
  #bodyLength = 0
  #ended = false
  #paused = false

  constructor(res: Outgoing) {
    this.#res = res
  }

  /** Something was written: nothing else can be answered any more. */
  get started(): boolean {
    return this.#status !== 0 && this.#headers === undefined
  }

  /** Status of the response that is relayed; 0 before there is one. */
  get status(): number {
    return this.#status
  }

  head(status: number, headers: string[], bodyLength: number): void {
    this.#status = status
    this.#bodyLength = bodyLength
    if (bodyLength > 0) {
      headers.push('content-length', String(bodyLength))
      this.#headers = headers
      return
    }
    this.#headers = undefined
    writeHead(this.#res, status, headers)
    // A stream's head must not wait for its first byte.
    if (bodyLength < 0 && 'flushHeaders' in this.#res) this.#res.flushHeaders()
  }

  /** @param chunk valid only during the call */
  data(chunk: Buffer, exchange: UpstreamExchange): void {
    const res = this.#res
    if (this.#flushHead() && chunk.length === this.#bodyLength) {
      this.#ended = true
      if (chunk.length <= MAX_STRING_BYTES) res.end(chunk.toString('latin1'), 'latin1')
      else res.end(Buffer.from(chunk))
      return
    }
    // A few chunks may still come after a pause.
    if (write(res, chunk) || this.#paused) return
    this.#paused = true
    exchange.pause()
    res.once('drain', () => {
      this.#paused = false
      exchange.resume()
    })
  }

  end(): void {
    this.#flushHead()
    if (!this.#ended) this.#res.end()
  }

  /** Breaks off, so that the client cannot take what it has for the whole. */
  break(): void {
    const res = this.#res
    if ('stream' in res) res.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    // In HTTP/1.0 the end of the connection is the end of the body.
    else if (res.req.httpVersionMinor === 0 && res.socket) resetConnection(res.socket)
    else res.destroy()
  }

  /** @returns whether the head was still to be written. */
  #flushHead(): boolean {
    if (!this.#headers) return false
    writeHead(this.#res, this.#status, this.#headers)
    this.#headers = undefined
    return true
  }
}
