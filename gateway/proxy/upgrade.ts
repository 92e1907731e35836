import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { countResponse } from '../link/route-stats.ts'
import type { Exchange as UpstreamExchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { Incoming } from './http.ts'
import { parseRequest } from './parsed-request.ts'
import type { ProxyContext } from './proxy-context.ts'
import { type RequestParts, toUpstreamHeaders, toUpstreamPath } from './upstream-request.ts'

const toRawHead = (statusLine: string, headers: readonly string[]): string => {
  let head = `HTTP/1.1 ${statusLine}\r\n`
  for (let i = 0; i + 1 < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`
  return `${head}\r\n`
}

const refuse = (client: Duplex, statusLine: string): void => {
  client.end(toRawHead(statusLine, ['connection', 'close', 'content-length', '0']))
}

/** Joins two connections: what ends or breaks on one side ends or breaks on the other. */
const tunnel = (client: Duplex, upstream: Duplex): void => {
  client.on('error', () => upstream.destroy())
  upstream.on('error', () => client.destroy())
  client.on('close', () => upstream.destroy())
  upstream.on('close', () => client.destroy())
  client.pipe(upstream).pipe(client)
}

/** One request to switch protocols: a tunnel when the backend agrees, its answer when it does not. */
class UpgradeExchange implements UpstreamHandler {
  readonly #parts: RequestParts
  readonly #client: Duplex
  readonly #startedAt = performance.now()
  #headSent = false

  constructor(parts: RequestParts, client: Duplex) {
    this.#parts = parts
    this.#client = client
  }

  start(context: ProxyContext, clientHead: Buffer): void {
    const { incoming, route, parsed } = this.#parts
    const address = route.pick()
    if (!address) {
      refuse(this.#client, '500 Internal Server Error')
      return
    }
    if (clientHead.length > 0) this.#client.unshift(clientHead)
    const request = {
      method: parsed.method,
      path: toUpstreamPath(this.#parts),
      headers: toUpstreamHeaders(this.#parts, address, context.buildHeaders),
      body: null,
      upgrade: incoming.headers.upgrade ?? '',
    }
    const exchange: UpstreamExchange = context.client.send(address.target, request, this)
    this.#client.on('error', () => exchange.abort())
    this.#client.on('close', () => exchange.abort())
  }

  onUpgrade(status: number, headers: string[], upstream: Duplex, head: Buffer): void {
    this.#count(status)
    const { upgrade = '' } = this.#parts.incoming.headers
    const all = [...headers, 'connection', 'Upgrade', 'upgrade', upgrade]
    this.#client.write(toRawHead('101 Switching Protocols', all))
    if (head.length > 0) this.#client.write(head)
    tunnel(this.#client, upstream)
  }

  onHead(status: number, headers: string[], bodyLength: number): void {
    this.#count(status)
    this.#headSent = true
    const length = bodyLength >= 0 ? ['content-length', String(bodyLength)] : []
    this.#client.write(toRawHead(`${status} `, [...headers, ...length, 'connection', 'close']))
  }

  onData(chunk: Buffer): void {
    this.#client.write(Buffer.from(chunk))
  }

  onEnd(): void {
    this.#client.end()
  }

  onError(): void {
    if (this.#headSent) this.#client.destroy()
    else {
      this.#count(502)
      refuse(this.#client, '502 Bad Gateway')
    }
  }

  #count(status: number): void {
    countResponse(this.#parts.route.stats, status, performance.now() - this.#startedAt)
  }
}

/** Protocols that may be switched to: HTTP/2 over an upgrade is obsolete and a smuggler's door. */
const ALLOWED = new Set(['websocket'])

/** What is done with each request to switch protocols (RFC 9110 §7.8). */
export const createUpgrade =
  (context: ProxyContext) =>
  (incoming: Incoming, client: Duplex, head: Buffer): void => {
    client.on('error', () => client.destroy())
    const parsed = parseRequest(incoming)
    if (typeof parsed === 'string') {
      refuse(client, '400 Bad Request')
      return
    }
    if (!ALLOWED.has((incoming.headers.upgrade ?? '').toLowerCase())) {
      refuse(client, '501 Not Implemented')
      return
    }
    const found = context.routes.match(parsed)
    if (!found || found.value.redirect) {
      refuse(client, '404 Not Found')
      return
    }
    const { value: route, match } = found
    const parts = { incoming, parsed, route, match, requestId: randomUUID() }
    new UpgradeExchange(parts, client).start(context, head)
  }
