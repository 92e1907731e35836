import type { LinkedModel } from '../link/linked-model.ts'
import { countCall, type Outcome, type Usage } from '../link/model-stats.ts'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import { startDeadline } from '../proxy/deadline-timer.ts'
import { findHeader } from '../proxy/find-header.ts'
import { type Outgoing, writeHead } from '../proxy/http.ts'
import type { Exchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { UpstreamError } from '../upstream/http1/error.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import { answerJson, answerProblem } from './answer.ts'
import { logCall } from './call-log.ts'
import { toErrorEvent } from './dialects/openai/problem.ts'
import { isFailure, toCallerError } from './dialects/openai/provider-error.ts'
import { OpenAiStream } from './dialects/openai/stream.ts'
import { readUsage } from './dialects/openai/usage.ts'
import { toOutcome, toStatusProblem, toUnansweredProblem } from './provider-failure.ts'

/** One call of a model, ready to be sent. */
export interface ModelCall {
  readonly requestId: string
  readonly consumer: Consumer
  readonly operation: string
  readonly model: LinkedModel
  /** Below the base path of the model's endpoint. */
  readonly path: string
  readonly body: Buffer
  readonly isStream: boolean
  readonly wantsUsage: boolean
}

/** An answer that is not streamed is held until it is whole. */
const MAX_ANSWER_BYTES = 64 << 20

const DATA = /^data:/m

const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

/**
 * One call on its way. Until the first event of an answer is whole nothing is written, so that a
 * failure is an error with a status; after it, a failure is an error event, and never an answer
 * that looks complete.
 */
export class ModelExchange implements UpstreamHandler {
  readonly #context: AiContext
  readonly #call: ModelCall
  readonly #res: Outgoing
  readonly #startedAt = performance.now()
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #status = 0
  #headers: readonly string[] = []
  #stream: OpenAiStream | undefined
  #upstream: Exchange | undefined
  #cancelRequest: (() => void) | undefined
  #cancelFirst: (() => void) | undefined
  #firstMs: number | undefined
  #paused = false
  #done = false

  constructor(context: AiContext, call: ModelCall, res: Outgoing) {
    this.#context = context
    this.#call = call
    this.#res = res
  }

  start(): void {
    const { model, path, body, isStream, requestId } = this.#call
    const credential = model.authorize()
    if (!credential) {
      this.#fail(new AiProblem('credential_missing', 'The credential of this model is missing.'))
      return
    }
    this.#res.on('close', () => this.#clientLeft())
    const { endpoint, timeouts } = model.fragment.spec
    const expire = () => this.#expire()
    this.#cancelRequest = this.#startDeadline(timeouts.requestMs, expire)
    // What is not streamed comes as a whole, however long that takes to make.
    if (isStream) this.#cancelFirst = this.#startDeadline(timeouts.firstTokenMs, expire)
    const headers = ['host', model.host, 'content-type', 'application/json']
    headers.push('accept', isStream ? 'text/event-stream' : 'application/json')
    headers.push('user-agent', 'penstock', 'x-request-id', requestId, ...credential)
    this.#upstream = this.#context.client.send(
      model.target,
      { method: 'POST', path: endpoint.basePath + path, headers, body },
      this,
      { headerTimeoutMs: 0, idleTimeoutMs: isStream ? timeouts.streamIdleMs : 0 },
    )
  }

  onHead(status: number, headers: string[]): void {
    this.#status = status
    this.#headers = headers
    const isEvents = /^text\/event-stream\b/i.test(findHeader(headers, 'content-type') ?? '')
    if (status === 200 && this.#call.isStream && isEvents) {
      this.#stream = new OpenAiStream(!this.#call.wantsUsage)
    }
  }

  onData(chunk: Buffer): void {
    if (this.#done) return
    if (this.#stream) this.#onEvents(this.#stream, chunk)
    else {
      this.#bytes += chunk.length
      // The chunk is valid during this call only.
      if (this.#bytes <= MAX_ANSWER_BYTES) this.#chunks.push(Buffer.from(chunk))
      else this.#fail(new AiProblem('provider_failed', 'The answer is too large.'))
    }
  }

  onEnd(): void {
    if (this.#done) return
    if (this.#stream) this.#endStream(this.#stream)
    else this.#endWhole(Buffer.concat(this.#chunks))
  }

  onError(error: UpstreamError): void {
    this.#fail(toUnansweredProblem(error.code))
  }

  #startDeadline(timeoutMs: number, expire: () => void): (() => void) | undefined {
    return timeoutMs > 0 ? startDeadline(this.#context.deadlines, timeoutMs, expire) : undefined
  }

  #onEvents(stream: OpenAiStream, chunk: Buffer): void {
    let events: string
    try {
      events = stream.push(chunk.toString('latin1'))
    } catch {
      this.#fail(new AiProblem('provider_failed', 'The stream of the provider is not readable.'))
      return
    }
    if (events === '') return
    if (this.#firstMs === undefined) {
      // Comments, which only keep the connection alive.
      if (!DATA.test(events)) return
      // Nothing was written yet: a failure can still be told as one.
      if (stream.hasError) {
        this.#fail(new AiProblem('provider_failed', 'The provider of this model failed.'))
        return
      }
      this.#begin()
    }
    this.#write(events)
  }

  #begin(): void {
    this.#firstMs = performance.now() - this.#startedAt
    this.#cancelFirst?.()
    writeHead(this.#res, 200, [
      'content-type',
      'text/event-stream; charset=utf-8',
      'cache-control',
      'no-cache',
      ...this.#ownHeaders(),
    ])
  }

  #write(text: string): void {
    // HTTP/2 takes no latin1.
    const isTaken =
      'stream' in this.#res
        ? this.#res.write(Buffer.from(text, 'latin1'))
        : this.#res.write(text, 'latin1')
    if (isTaken || this.#paused) return
    this.#paused = true
    this.#upstream?.pause()
    this.#res.once('drain', () => {
      this.#paused = false
      this.#upstream?.resume()
    })
  }

  #endStream(stream: OpenAiStream): void {
    if (this.#firstMs === undefined || !stream.isComplete) {
      this.#fail(new AiProblem('provider_failed', 'The provider ended the stream too early.'))
      return
    }
    const rest = stream.end()
    if (rest !== '') this.#write(rest)
    this.#finish(stream.hasError ? 'failed' : 'ok', stream.usage)
    this.#res.end()
  }

  #endWhole(body: Buffer): void {
    const answer = parseJson(body)
    const isJson = typeof answer === 'object' && answer !== null
    if (this.#status === 200 && isJson && !isFailure(answer)) {
      this.#finish('ok', readUsage(answer))
      answerJson(this.#res, 200, body, this.#ownHeaders())
      return
    }
    const retryAfter = findHeader(this.#headers, 'retry-after')
    const problem = toStatusProblem(this.#status, retryAfter)
    if (problem) this.#fail(problem)
    else {
      this.#finish('refused', undefined)
      answerJson(this.#res, this.#status, toCallerError(answer), this.#ownHeaders())
    }
  }

  #ownHeaders(): string[] {
    const { model, requestId } = this.#call
    const { namespace, name, spec } = model.fragment
    const version = spec.version === undefined ? '' : `@${spec.version}`
    return ['x-request-id', requestId, 'x-penstock-model', `${namespace}/${name}${version}`]
  }

  #expire(): void {
    this.#fail(toUnansweredProblem('header_timeout'))
  }

  #fail(problem: AiProblem): void {
    if (this.#done) return
    this.#upstream?.abort()
    this.#finish(toOutcome(problem), this.#stream?.usage)
    if (this.#firstMs === undefined) answerProblem(this.#res, problem)
    else {
      this.#write(toErrorEvent(problem))
      this.#res.end()
    }
  }

  #clientLeft(): void {
    if (this.#done) return
    this.#upstream?.abort()
    this.#finish('client_left', this.#stream?.usage)
  }

  #finish(outcome: Outcome, usage: Usage | undefined): void {
    this.#done = true
    this.#cancelRequest?.()
    this.#cancelFirst?.()
    countCall(this.#call.model.stats, outcome, usage)
    const durationMs = performance.now() - this.#startedAt
    logCall(this.#context, this.#call, { outcome, durationMs, firstMs: this.#firstMs, usage })
  }
}
