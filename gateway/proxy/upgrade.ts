import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { countResponse } from '../link/route-stats.ts'
import type { Exchange as UpstreamExchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { UpstreamError } from '../upstream/http1/error.ts'
import { endConnection, resetConnection } from './connection-end.ts'
import { startDeadline } from './deadline-timer.ts'
import type { Incoming } from './http.ts'
import { ParsedRequest, parseRequest } from './parsed-request.ts'
import { type ProblemCode, toRawHead, toRawProblem, toStatus } from './problem.ts'
import type { ProxyContext } from './proxy-context.ts'
import { toClientHeaders } from './response-relay.ts'
import { tunnel } from './tunnel.ts'
import { toProblemCode } from './upstream-failure.ts'
import { type RequestParts, toUpstreamHeaders, toUpstreamPath } from './upstream-request.ts'

const refuse = (client: Duplex, code: ProblemCode, detail?: string): void => {
  if (client.writable) client.write(toRawProblem(code, detail))
  endConnection(client)
}

/** One request to switch protocols: a tunnel when the backend agrees, its answer when it does not. */
class UpgradeExchange implements UpstreamHandler {
  readonly #parts: RequestParts
  readonly #client: Duplex
  readonly #startedAt = performance.now()
  #upstream: UpstreamExchange | undefined
  #status = 0
  #bodyLength = 0
  #disarm: (() => void) | undefined
  #done = false

  constructor(parts: RequestParts, client: Duplex) {
    this.#parts = parts
    this.#client = client
  }

  start(context: ProxyContext, clientHead: Buffer): void {
    const { incoming, route, parsed } = this.#parts
    const address = route.pick()
    if (!address) {
      this.#fail('no-backend')
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
    // What comes after the switch has no end that a timeout could wait for.
    const limits = [route.timeouts.requestMs, route.timeouts.backendRequestMs].filter(Boolean)
    // The route's limit counts in place of the client's own, which may be shorter.
    const timeouts = limits.length > 0 ? { headerTimeoutMs: Math.min(...limits) } : undefined
    if (timeouts) {
      const { headerTimeoutMs } = timeouts
      this.#disarm = startDeadline(context.deadlines, headerTimeoutMs, () => this.#expire())
    }
    this.#upstream = context.client.send(address.target, request, this, timeouts)
    this.#client.on('close', () => this.#clientLeft())
  }

  onUpgrade(status: number, headers: string[], upstream: Duplex, head: Buffer): void {
    this.#finish(status)
    const { upgrade = '' } = this.#parts.incoming.headers
    const edited = toClientHeaders(this.#parts.route, this.#parts.parsed, headers)
    const all = [...edited, 'connection', 'Upgrade', 'upgrade', upgrade]
    this.#client.write(toRawHead('101 Switching Protocols', all), 'latin1')
    if (head.length > 0) this.#client.write(head)
    tunnel(this.#client, upstream)
  }

  onHead(status: number, headers: string[], bodyLength: number): void {
    this.#status = status
    this.#bodyLength = bodyLength
    const { route, parsed } = this.#parts
    const edited = toClientHeaders(route, parsed, headers)
    const length = bodyLength > 0 ? ['content-length', String(bodyLength)] : []
    if (bodyLength === 0 && status !== 204 && status !== 304) length.push('content-length', '0')
    const all = [...edited, ...length, 'connection', 'close']
    this.#client.write(toRawHead(`${status} `, all), 'latin1')
  }

  onData(chunk: Buffer): void {
    if (this.#client.write(Buffer.from(chunk))) return
    this.#upstream?.pause()
    this.#client.once('drain', () => this.#upstream?.resume())
  }

  onEnd(): void {
    this.#finish(this.#status)
    endConnection(this.#client)
  }

  onError(error: UpstreamError): void {
    this.#break(toProblemCode(error.code))
  }

  #break(code: ProblemCode): void {
    if (this.#done) return
    if (this.#status === 0) this.#fail(code)
    else {
      this.#finish(this.#status)
      // Without a length, the end of the connection is the end of the body.
      if (this.#bodyLength < 0) resetConnection(this.#client)
      else this.#client.destroy()
    }
  }

  #expire(): void {
    this.#upstream?.abort()
    this.#break('request-timeout')
  }

  #fail(code: ProblemCode): void {
    this.#finish(toStatus(code))
    refuse(this.#client, code)
  }

  #clientLeft(): void {
    if (this.#done) return
    this.#upstream?.abort()
    this.#finish(this.#status)
  }

  #finish(status: number): void {
    this.#done = true
    this.#disarm?.()
    countResponse(this.#parts.route.stats, status, performance.now() - this.#startedAt)
  }
}

/** What is done with each request to switch protocols (RFC 9110 §7.8). */
export const createUpgrade =
  (context: ProxyContext) =>
  (incoming: Incoming, client: Duplex, head: Buffer): void => {
    client.on('error', () => client.destroy())
    const parsed = parseRequest(incoming)
    if (!(parsed instanceof ParsedRequest)) {
      refuse(client, parsed.code, parsed.detail)
      return
    }
    const found = context.routes.match(parsed)
    if (!found || 'serve' in found.value || found.value.redirect) {
      refuse(client, 'not-found')
      return
    }
    const { value: route, match } = found
    const parts = { incoming, parsed, route, match, requestId: randomUUID() }
    new UpgradeExchange(parts, client).start(context, head)
  }
