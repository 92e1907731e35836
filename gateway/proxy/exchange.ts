import { countResponse } from '../link/route-stats.ts'
import type { FailedTry } from '../policies/retry/retry.ts'
import type { Exchange as UpstreamExchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { Deadline } from '../upstream/http1/deadlines.ts'
import type { UpstreamError } from '../upstream/http1/error.ts'
import { abandonBody } from './connection-end.ts'
import { DeadlineTimer } from './deadline-timer.ts'
import type { Outgoing } from './http.ts'
import { mirrorRequest } from './mirror.ts'
import { answerProblem, type ProblemCode, toStatus } from './problem.ts'
import type { ProxyContext } from './proxy-context.ts'
import {
  BodyTooLarge,
  isReplayable,
  isTooLarge,
  prepareBody,
  type RequestBody,
} from './request-body.ts'
import { ResponseRelay, toClientHeaders } from './response-relay.ts'
import { toProblemCode, toStatusFailure } from './upstream-failure.ts'
import { type RequestParts, toUpstreamHeaders, toUpstreamPath } from './upstream-request.ts'

/** RFC 9110 §6.4.1: whether a response has a body at all, be it empty. */
const mayHaveBody = (method: string, status: number): boolean =>
  method !== 'HEAD' && status !== 204 && status !== 304

/**
 * One request on its way: tries a backend, tries again where that is safe, relays the response.
 * Whatever happens, the client gets exactly one answer, or a connection that breaks off.
 */
export class ProxyExchange implements UpstreamHandler, Deadline {
  slot = -1
  timeoutMs = 0
  dueAt = 0
  touched = false
  readonly #context: ProxyContext
  readonly #parts: RequestParts
  readonly #res: Outgoing
  readonly #relay: ResponseRelay
  readonly #startedAt = performance.now()
  #body: RequestBody = null
  #tries = 0
  #upstream: UpstreamExchange | undefined
  #tryTimer: DeadlineTimer | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #done = false

  constructor(context: ProxyContext, parts: RequestParts, res: Outgoing) {
    this.#context = context
    this.#parts = parts
    this.#res = res
    this.#relay = new ResponseRelay(res)
  }

  start(): void {
    const { incoming, parsed, route } = this.#parts
    this.#res.on('close', () => this.#clientLeft())
    const { requestMs } = route.timeouts
    if (requestMs > 0) {
      this.#context.deadlines.add(this)
      this.#context.deadlines.arm(this, requestMs)
    }
    route.retry?.onRequest()
    if (parsed.hasBody) {
      const { maxBodyBytes } = this.#context
      prepareBody(incoming, this.#res, maxBodyBytes, (body) => this.#bodyReady(body))
    } else this.#try()
  }

  #bodyReady(body: RequestBody | BodyTooLarge): void {
    if (this.#done) return
    if (body instanceof BodyTooLarge) {
      this.#fail('body-too-large')
      return
    }
    this.#body = body
    this.#try()
  }

  #try(): void {
    const { route, parsed } = this.#parts
    const address = route.pick()
    if (!address) {
      this.#fail('no-backend')
      return
    }
    const headers = toUpstreamHeaders(this.#parts, address, this.#context.buildHeaders)
    const path = toUpstreamPath(this.#parts)
    const request = { method: parsed.method, path, headers, body: this.#body }
    this.#armTry(route.timeouts.backendRequestMs)
    this.#upstream = this.#context.client.send(address.target, request, this)
    if (this.#tries === 0 && route.mirrors.length > 0) {
      mirrorRequest(this.#context, this.#parts, this.#body)
    }
  }

  onHead(status: number, headers: string[], bodyLength: number): void {
    const { route, parsed } = this.#parts
    if (status >= 400 && route.retry) {
      if (this.#tryAgain(true, toStatusFailure(status, headers))) return
    }
    if (bodyLength === 0 && mayHaveBody(parsed.method, status)) headers.push('content-length', '0')
    this.#relay.head(status, toClientHeaders(route, parsed, headers), bodyLength)
  }

  onData(chunk: Buffer): void {
    if (this.#upstream) this.#relay.data(chunk, this.#upstream)
  }

  onEnd(): void {
    this.#finish(this.#relay.status)
    this.#relay.end()
    if (this.#isUnread()) abandonBody(this.#parts.incoming, this.#res)
  }

  onError(error: UpstreamError): void {
    if (isTooLarge(this.#body)) this.#fail('body-too-large')
    else if (error.code === 'body_source') this.#clientLeft()
    else if (this.#relay.started || !this.#tryAgain(error.sent, { kind: 'error' })) {
      this.#fail(toProblemCode(error.code))
    }
  }

  /** The request timeout. */
  expire(): void {
    const isSent = this.#upstream !== undefined || this.#tries > 0
    this.#upstream?.abort()
    this.#fail(isSent ? 'request-timeout' : 'client-timeout')
  }

  #armTry(timeoutMs: number): void {
    if (timeoutMs === 0) return
    const { deadlines } = this.#context
    this.#tryTimer ??= new DeadlineTimer(() => {
      this.#upstream?.abort()
      if (this.#relay.started || !this.#tryAgain(true, { kind: 'error' })) {
        this.#fail('backend-timeout')
      }
    })
    if (this.#tryTimer.slot < 0) deadlines.add(this.#tryTimer)
    deadlines.arm(this.#tryTimer, timeoutMs)
  }

  /** Tries once more where the route's policy says so. @returns whether it does. */
  #tryAgain(sent: boolean, failure: FailedTry['failure']): boolean {
    const { route, parsed } = this.#parts
    if (!route.retry || this.#done) return false
    const { requestMs } = route.timeouts
    const left = this.#startedAt + requestMs - performance.now()
    const decision = route.retry.decide({
      attempt: this.#tries,
      method: parsed.method,
      sent,
      bodyReplayable: !sent || isReplayable(this.#body),
      responseStarted: this.#relay.started,
      failure,
      remainingMs: requestMs === 0 ? Number.POSITIVE_INFINITY : left,
    })
    if (!decision.retry) return false
    this.#upstream?.abort()
    this.#upstream = undefined
    if (this.#tryTimer) this.#context.deadlines.remove(this.#tryTimer)
    this.#tries += 1
    route.stats.retries += 1
    this.#retryTimer = setTimeout(() => this.#try(), decision.delayMs)
    return true
  }

  #fail(code: ProblemCode): void {
    if (this.#done) return
    const { started, status } = this.#relay
    this.#finish(started ? status : toStatus(code))
    if (started) this.#relay.break()
    else answerProblem(this.#res, code, this.#isUnread() ? { unread: this.#parts.incoming } : {})
  }

  #isUnread(): boolean {
    return this.#parts.parsed.hasBody && !this.#parts.incoming.complete
  }

  #clientLeft(): void {
    if (this.#done) return
    this.#upstream?.abort()
    this.#finish(this.#relay.started ? this.#relay.status : 0)
  }

  #finish(status: number): void {
    this.#done = true
    const { deadlines } = this.#context
    deadlines.remove(this)
    if (this.#tryTimer) deadlines.remove(this.#tryTimer)
    clearTimeout(this.#retryTimer)
    countResponse(this.#parts.route.stats, status, performance.now() - this.#startedAt)
  }
}
