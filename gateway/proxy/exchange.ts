import { countResponse } from '../link/route-stats.ts'
import { type FailedTry, parseRetryAfter } from '../policies/retry/retry.ts'
import type { Exchange as UpstreamExchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { Deadline } from '../upstream/http1/deadlines.ts'
import type { UpstreamError, UpstreamErrorCode } from '../upstream/http1/error.ts'
import type { Outgoing } from './http.ts'
import { mirrorRequest } from './mirror.ts'
import { answerProblem, type ProblemCode, toStatus } from './problem.ts'
import type { ProxyContext } from './proxy-context.ts'
import {
  BodyTooLarge,
  hasBody,
  isReplayable,
  prepareBody,
  type RequestBody,
} from './request-body.ts'
import { ResponseRelay, toClientHeaders } from './response-relay.ts'
import { type RequestParts, toUpstreamHeaders, toUpstreamPath } from './upstream-request.ts'

const PROBLEMS: Partial<Record<UpstreamErrorCode, ProblemCode>> = {
  connect_failed: 'backend-unreachable',
  connect_timeout: 'backend-unreachable',
  pool_full: 'backend-unreachable',
  header_timeout: 'backend-timeout',
  idle_timeout: 'backend-timeout',
}

const DETAILS: Partial<Record<ProblemCode, string>> = {
  'backend-unreachable': 'the backend does not accept connections',
  'backend-failed': 'the backend did not give a valid response',
  'backend-timeout': 'the backend did not answer in time',
  'request-timeout': 'the request took too long',
  'no-backend': 'the route has no valid backend',
  'body-too-large': 'the request body is too large',
}

const findRetryAfter = (headers: readonly string[]): number | undefined => {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() === 'retry-after') {
      return parseRetryAfter(headers[i + 1], Date.now())
    }
  }
  return undefined
}

/** RFC 9110 §6.4.1: whether a response has a body at all, be it empty. */
const mayHaveBody = (method: string, status: number): boolean =>
  method !== 'HEAD' && status !== 204 && status !== 304

/** Calls `expire` when its time is up, unless it was removed. */
class Timer implements Deadline {
  slot = -1
  timeoutMs = 0
  dueAt = 0
  touched = false
  readonly expire: () => void

  constructor(expire: () => void) {
    this.expire = expire
  }
}

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
  #tryTimer: Timer | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #done = false

  constructor(context: ProxyContext, parts: RequestParts, res: Outgoing) {
    this.#context = context
    this.#parts = parts
    this.#res = res
    this.#relay = new ResponseRelay(res)
  }

  start(): void {
    const { incoming, route } = this.#parts
    this.#res.on('close', () => this.#clientLeft())
    const { requestMs } = route.timeouts
    if (requestMs > 0) {
      this.#context.deadlines.add(this)
      this.#context.deadlines.arm(this, requestMs)
    }
    route.retry?.onRequest()
    if (hasBody(incoming)) {
      prepareBody(incoming, this.#context.maxBodyBytes, (body) => this.#bodyReady(body))
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
    const retryAfterMs = status >= 400 ? findRetryAfter(headers) : undefined
    const failure = {
      kind: 'status',
      status,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    } as const
    if (status >= 400 && this.#tryAgain(true, failure)) return
    const { route, parsed } = this.#parts
    if (bodyLength === 0 && mayHaveBody(parsed.method, status)) headers.push('content-length', '0')
    this.#relay.head(status, toClientHeaders(route, parsed, headers), bodyLength)
  }

  onData(chunk: Buffer): void {
    if (this.#upstream) this.#relay.data(chunk, this.#upstream)
  }

  onEnd(): void {
    this.#finish(this.#relay.status)
    this.#relay.end()
  }

  onError(error: UpstreamError): void {
    if (error.code === 'body_source') {
      const tooLarge = error.cause instanceof BodyTooLarge
      this.#fail(tooLarge ? 'body-too-large' : 'bad-request')
      return
    }
    if (!this.#relay.started && this.#tryAgain(error.sent, { kind: 'error' })) return
    this.#fail(PROBLEMS[error.code] ?? 'backend-failed')
  }

  /** The request timeout. */
  expire(): void {
    this.#upstream?.abort()
    this.#fail('request-timeout')
  }

  #armTry(timeoutMs: number): void {
    if (timeoutMs === 0) return
    const { deadlines } = this.#context
    this.#tryTimer ??= new Timer(() => {
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
      bodyReplayable: isReplayable(this.#body),
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
    const started = this.#relay.started
    this.#finish(started ? this.#relay.status : toStatus(code))
    if (started) this.#relay.break()
    else {
      const close = this.#body !== null || !this.#parts.incoming.complete
      answerProblem(this.#res, code, { detail: DETAILS[code] ?? code, close })
    }
  }

  #clientLeft(): void {
    if (this.#done) return
    this.#upstream?.abort()
    this.#finish(this.#relay.status)
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
