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
import { toCallerHeaders, toProviderHeaders } from './call-headers.ts'
import { logCall } from './call-log.ts'
import { readAnswer } from './dialects/openai/answer.ts'
import { toErrorEvent } from './dialects/openai/problem.ts'
import { toCallerError } from './dialects/openai/provider-error.ts'
import { hasData, OpenAiStream } from './dialects/openai/stream.ts'
import {
  toOutcome,
  toProviderProblem,
  toStatusProblem,
  toUnansweredProblem,
} from './provider-failure.ts'

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
  /** Answers that are asked for side by side. */
  readonly choices: number
}

/** An answer that is not streamed is held until it is whole. */
const MAX_ANSWER_BYTES = 64 << 20

/** An error of a provider is a few lines; more is not read. */
const MAX_ERROR_BYTES = 65_536
/** How long a provider may keep its connection after the end mark of a stream. */
const TAIL_MS = 1000

const failed = (message: string): AiProblem => new AiProblem('provider_failed', message)

const parseError = (body: Buffer): unknown => {
  try {
    return body.length > MAX_ERROR_BYTES ? undefined : JSON.parse(body.toString())
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
  #cause: string | undefined
  #headers: readonly string[] = []
  #stream: OpenAiStream | undefined
  #upstream: Exchange | undefined
  #cancelRequest: (() => void) | undefined
  #cancelFirst: (() => void) | undefined
  #cancelTail: (() => void) | undefined
  #firstMs: number | undefined
  #paused = false
  #done = false

  constructor(context: AiContext, call: ModelCall, res: Outgoing) {
    this.#context = context
    this.#call = call
    this.#res = res
  }

  start(): void {
    const { model, path, body, isStream } = this.#call
    const credential = model.authorize()
    if (!credential) {
      this.#fail(new AiProblem('credential_missing', 'The credential of this model is missing.'))
      return
    }
    this.#res.on('close', () => this.#clientLeft())
    const { endpoint, timeouts } = model.fragment.spec
    const expire = () => this.#fail(toProviderProblem('provider_timeout'))
    this.#cancelRequest = this.#startDeadline(timeouts.requestMs, expire)
    // What is not streamed comes as a whole, however long that takes to make.
    if (isStream) this.#cancelFirst = this.#startDeadline(timeouts.firstTokenMs, expire)
    const headers = toProviderHeaders(this.#call, credential)
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
      const { wantsUsage, choices } = this.#call
      this.#stream = new OpenAiStream({ hidesUsage: !wantsUsage, choices })
    }
  }

  onData(chunk: Buffer): void {
    if (this.#done) return
    if (this.#stream) this.#onEvents(this.#stream, chunk)
    else {
      this.#bytes += chunk.length
      // The chunk is valid during this call only.
      if (this.#bytes <= MAX_ANSWER_BYTES) this.#chunks.push(Buffer.from(chunk))
      else this.#fail(failed('The answer of the provider is too large.'))
    }
  }

  onEnd(): void {
    this.#cancelTail?.()
    if (this.#done) return
    if (this.#stream) this.#endStream(this.#stream)
    else this.#endWhole(Buffer.concat(this.#chunks))
  }

  onError(error: UpstreamError): void {
    this.#cancelTail?.()
    this.#fail(toUnansweredProblem(error.code), error.code)
  }

  #startDeadline(timeoutMs: number, expire: () => void): (() => void) | undefined {
    return timeoutMs > 0 ? startDeadline(this.#context.deadlines, timeoutMs, expire) : undefined
  }

  #onEvents(stream: OpenAiStream, chunk: Buffer): void {
    let events: string
    try {
      events = stream.push(chunk.toString('latin1'))
    } catch {
      this.#fail(failed('The stream of the provider is not readable.'))
      return
    }
    if (events === '') return
    if (this.#firstMs === undefined) {
      if (!hasData(events)) return
      // Nothing was written yet: a failure can still be told as one.
      if (stream.hasError) {
        this.#fail(toProviderProblem('provider_failed'))
        return
      }
      this.#begin()
    }
    this.#write(events)
    if (stream.isDone) this.#endDone(stream)
  }

  /** The caller has all; what is left is for the connection, so that it can be used again. */
  #endDone(stream: OpenAiStream): void {
    this.#endStream(stream)
    this.#cancelTail = this.#startDeadline(TAIL_MS, () => this.#upstream?.abort())
  }

  #begin(): void {
    this.#firstMs = performance.now() - this.#startedAt
    this.#cancelFirst?.()
    const headers = ['content-type', 'text/event-stream; charset=utf-8']
    headers.push('cache-control', 'no-cache', ...toCallerHeaders(this.#call))
    writeHead(this.#res, 200, headers)
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
      this.#fail(failed('The provider ended the stream too early.'))
      return
    }
    const rest = stream.end()
    if (rest !== '') this.#write(rest)
    this.#finish(stream.hasError ? 'failed' : 'ok', stream.usage)
    this.#res.end()
  }

  #endWhole(body: Buffer): void {
    const answer = readAnswer(body)
    if (this.#status === 200 && answer && !answer.isFailure) {
      this.#finish('ok', answer.usage)
      answerJson(this.#res, 200, body, toCallerHeaders(this.#call))
      return
    }
    const retryAfter = findHeader(this.#headers, 'retry-after')
    const problem = toStatusProblem(this.#status, retryAfter)
    if (problem) this.#fail(problem)
    else {
      this.#finish('refused', undefined)
      const error = toCallerError(parseError(body))
      answerJson(this.#res, this.#status, error, toCallerHeaders(this.#call))
    }
  }

  /** @param cause what went wrong below HTTP, for the log */
  #fail(problem: AiProblem, cause?: string): void {
    if (this.#done) return
    this.#upstream?.abort()
    this.#cause = cause ?? problem.code
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
    const details = { firstMs: this.#firstMs, status: this.#status, cause: this.#cause }
    logCall(this.#context, this.#call, { outcome, durationMs, usage, ...details })
  }
}
