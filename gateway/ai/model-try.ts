import type { LinkedModel } from '../link/linked-model.ts'
import type { Usage } from '../link/model-stats.ts'
import { startDeadline } from '../proxy/deadline-timer.ts'
import { findHeader } from '../proxy/find-header.ts'
import type { Exchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { UpstreamError } from '../upstream/http1/error.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import { authorize } from './authorize.ts'
import { createBodyCollector } from './body-collector.ts'
import type { Call } from './call.ts'
import { toProviderHeaders } from './call-headers.ts'
import type { Failure } from './failure.ts'
import type { Reservation } from './gates/admit-call.ts'
import type { PreparedCall, ReadAnswer } from './prepared-call.ts'
import {
  readProviderError,
  toProviderProblem,
  toStatusProblem,
  toUnansweredProblem,
} from './provider-failure.ts'
import type { StreamReader } from './surface.ts'

/** What becomes of a try. All but `onEvents` are its end. */
export interface TryOwner {
  /** Whole events for the caller; none before the first one that says something. */
  onEvents(text: string): void
  /** The stream is complete, and these are its last events. */
  onStreamEnd(text: string, stream: StreamReader): void
  onAnswer(answer: ReadAnswer): void
  /** The provider refused what was asked, with these words. */
  onRefused(status: number, body: string): void
  onFailed(failure: Failure): void
  /** A gate has ended the stream. */
  onBlocked(problem: AiProblem): void
}

/** An answer that is not streamed is held until it is whole. */
const MAX_ANSWER_BYTES = 64 << 20
/** How long a provider may keep its connection after the end mark of a stream. */
const TAIL_MS = 1000
/** Comments only keep a connection alive; an event stream of AWS is binary, and has none. */
const COMMENTS = /^(?::[^\n]*\n|\r?\n)*$/

const failed = (message: string): AiProblem => new AiProblem('provider_failed', message)

export interface TryOptions {
  readonly model: LinkedModel
  readonly prepared: PreparedCall
  readonly reservation: Reservation | undefined
}

/** One try to get an answer of one model. */
export class ModelTry implements UpstreamHandler {
  readonly model: LinkedModel
  /** Of the model's limits. */
  readonly reservation: Reservation | undefined
  /** The status of the provider's answer; 0 for none. */
  status = 0
  /** Until its first event. */
  firstMs: number | undefined
  /** What was passed on of a stream, about as many as tokens. */
  pieces = 0
  readonly #context: AiContext
  readonly #call: Call
  readonly #prepared: PreparedCall
  readonly #owner: TryOwner
  readonly #startedAt = performance.now()
  readonly #body = createBodyCollector(MAX_ANSWER_BYTES)
  #headers: readonly string[] = []
  #stream: StreamReader | undefined
  #upstream: Exchange | undefined
  #cancelFirst: (() => void) | undefined
  #cancelTail: (() => void) | undefined
  #done = false

  constructor(
    context: AiContext,
    call: Call,
    { model, prepared, reservation }: TryOptions,
    owner: TryOwner,
  ) {
    this.#context = context
    this.#call = call
    this.model = model
    this.#prepared = prepared
    this.reservation = reservation
    this.#owner = owner
  }

  /** @returns why it cannot be sent */
  start(): AiProblem | undefined {
    const { model } = this
    const { body, headers: own, path: below } = this.#prepared
    const { endpoint, timeouts } = model.fragment.spec
    const path = endpoint.basePath + below
    const credential = authorize(model, { path, body })
    if (!credential) {
      return new AiProblem('credential_missing', 'The credential of this model is missing.')
    }
    const isStream = this.#call.isStreamed
    // What is not streamed comes as a whole, however long that takes to make.
    if (isStream && timeouts.firstTokenMs > 0) {
      this.#cancelFirst = startDeadline(this.#context.deadlines, timeouts.firstTokenMs, () =>
        this.#fail(toProviderProblem('provider_timeout')),
      )
    }
    const headers = toProviderHeaders(this.#call, model.host, this.#prepared.streamType)
    this.#upstream = this.#context.client.send(
      model.target,
      { method: 'POST', path, headers: [...headers, ...own, ...credential], body },
      this,
      { headerTimeoutMs: 0, idleTimeoutMs: isStream ? timeouts.streamIdleMs : 0 },
    )
    return undefined
  }

  /** Ends it without a word to its owner. */
  abort(): void {
    this.#end()
    this.#upstream?.abort()
  }

  pause(): void {
    this.#upstream?.pause()
  }

  resume(): void {
    this.#upstream?.resume()
  }

  get isUnderWay(): boolean {
    return !this.#done
  }

  /** Since its start. */
  get durationMs(): number {
    return performance.now() - this.#startedAt
  }

  /** What is known of the usage so far. */
  get usage(): Usage | undefined {
    return this.#stream?.usage
  }

  onHead(status: number, headers: string[]): void {
    this.status = status
    this.#headers = headers
    const type = findHeader(headers, 'content-type')?.toLowerCase() ?? ''
    if (status === 200 && this.#call.isStreamed && type.startsWith(this.#prepared.streamType)) {
      this.#stream = this.#prepared.createStream()
    }
  }

  onData(chunk: Buffer): void {
    if (this.#done) return
    if (this.#stream) this.#onEvents(this.#stream, chunk)
    else if (!this.#body.add(chunk)) this.#fail(failed('The answer of the provider is too large.'))
  }

  onEnd(): void {
    this.#cancelTail?.()
    if (this.#done) return
    if (this.#stream) this.#endStream(this.#stream)
    else this.#endWhole(this.#body.toBuffer())
  }

  onError(error: UpstreamError): void {
    this.#cancelTail?.()
    this.#fail(toUnansweredProblem(error.code), error.code)
  }

  #onEvents(stream: StreamReader, chunk: Buffer): void {
    let events: string
    try {
      events = stream.push(chunk.toString('latin1'))
    } catch {
      this.#fail(failed('The stream of the provider is not readable.'))
      return
    }
    const isFirst = this.firstMs === undefined
    if (stream.problem) {
      this.#block(stream.problem, events)
      return
    }
    // Nothing was passed on yet: a failure can still be told as one.
    if (isFirst && stream.hasError) this.#fail(toProviderProblem('provider_failed'))
    else if (events !== '' && !(isFirst && COMMENTS.test(events))) this.#pass(events)
    if (this.#done) return
    if (stream.hasError) this.#fail(toProviderProblem('provider_failed'))
    else if (stream.isDone) this.#endDone(stream)
  }

  /** What was held back is not for the caller; what went before is told. */
  #block(problem: AiProblem, events: string): void {
    if (events !== '') this.#pass(events)
    this.abort()
    this.#owner.onBlocked(problem)
  }

  #pass(events: string): void {
    if (this.firstMs === undefined) {
      this.firstMs = performance.now() - this.#startedAt
      this.#cancelFirst?.()
    }
    this.pieces += 1
    this.#owner.onEvents(events)
  }

  /** The caller has all; what is left is for the connection, so that it can be used again. */
  #endDone(stream: StreamReader): void {
    this.#endStream(stream)
    const { deadlines } = this.#context
    this.#cancelTail = startDeadline(deadlines, TAIL_MS, () => this.#upstream?.abort())
  }

  #endStream(stream: StreamReader): void {
    const rest = stream.isComplete ? stream.end() : ''
    if (rest !== '' && this.firstMs === undefined) this.#pass('')
    if (this.firstMs === undefined || !stream.isComplete) {
      this.#fail(failed('The provider ended the stream too early.'))
      return
    }
    this.#end()
    this.#owner.onStreamEnd(rest, stream)
  }

  #endWhole(body: Buffer): void {
    const answer = this.status === 200 ? this.#prepared.readWhole(body) : undefined
    if (answer && !answer.isFailure) {
      this.#end()
      this.#owner.onAnswer(answer)
      return
    }
    const problem = toStatusProblem(this.status, findHeader(this.#headers, 'retry-after'))
    if (problem) this.#fail(problem)
    else {
      this.#end()
      const text = this.#prepared.toCallerError(this.status, readProviderError(body))
      this.#owner.onRefused(this.status, text)
    }
  }

  /** @param cause what went wrong below HTTP, for the log */
  #fail(problem: AiProblem, cause: string = problem.code): void {
    if (this.#done) return
    this.abort()
    const isTold = this.#prepared.isNative && this.#stream?.hasError === true
    this.#owner.onFailed({ problem, cause, isTold: isTold && this.firstMs !== undefined })
  }

  #end(): void {
    this.#done = true
    this.#cancelFirst?.()
  }
}
