import type { LinkedModel } from '../link/linked-model.ts'
import type { Usage } from '../link/model-stats.ts'
import { startDeadline } from '../proxy/deadline-timer.ts'
import { findHeader } from '../proxy/find-header.ts'
import type { Exchange, UpstreamHandler } from '../upstream/http1/contract.ts'
import type { UpstreamError } from '../upstream/http1/error.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import { createBodyCollector } from './body-collector.ts'
import type { Call } from './call.ts'
import { countEvents, isOnlyComments } from './event-text.ts'
import type { Reservation } from './gates/admit-call.ts'
import type { PreparedCall } from './prepared-call.ts'
import {
  readProviderError,
  toProviderProblem,
  toStatusProblem,
  toUnansweredProblem,
} from './provider-failure.ts'
import { estimateTextTokens } from './routing/estimate-tokens.ts'
import type { StreamReader } from './surface.ts'
import type { TryOptions, TryOwner } from './try-owner.ts'
import { toUpstreamCall } from './upstream-call.ts'

/** An answer that is not streamed is held until it is whole. */
const MAX_ANSWER_BYTES = 64 << 20
/** How long a provider may keep its connection after the end mark of a stream. */
const TAIL_MS = 1000

const failed = (message: string): AiProblem => new AiProblem('provider_failed', message)

/** One try to get an answer of one model. */
export class ModelTry implements UpstreamHandler {
  readonly model: LinkedModel
  /** Of the model's limits. */
  readonly reservation: Reservation | undefined
  /** The status of the provider's answer; 0 for none. */
  status = 0
  /** Until its first event. */
  firstMs: number | undefined
  /** Whether the provider may have heard of it. */
  wasSent = false
  /** Whether its account was closed. */
  isCounted = false
  #events = 0
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
    const { client, deadlines } = this.#context
    const upstreamCall = toUpstreamCall(this.#call, this.model, this.#prepared)
    if (upstreamCall instanceof AiProblem) return upstreamCall
    const { firstTokenMs } = this.model.fragment.spec.timeouts
    if (this.#call.isStreamed && firstTokenMs > 0) {
      this.#cancelFirst = startDeadline(deadlines, firstTokenMs, () =>
        this.#attempt(() => this.#fail(toProviderProblem('provider_timeout'))),
      )
    }
    this.wasSent = true
    const { request, timeouts } = upstreamCall
    this.#upstream = client.send(this.model.target, request, this, timeouts)
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

  /** Whether that is all of it: of a stream that was cut it is not. */
  get isComplete(): boolean {
    return this.#stream?.isComplete ?? true
  }

  /** About how many tokens of the answer came, where nobody counts them. */
  get outputTokens(): number {
    const length = this.#stream ? (this.#stream.textLength ?? 0) : this.#body.bytes
    return Math.max(this.#events, estimateTextTokens(length))
  }

  onHead(status: number, headers: string[]): void {
    this.#attempt(() => this.#readHead(status, headers))
  }

  onData(chunk: Buffer): void {
    if (!this.#done) this.#attempt(() => this.#readData(chunk))
  }

  onEnd(): void {
    this.#cancelTail?.()
    if (!this.#done) this.#attempt(() => this.#readEnd())
  }

  onError(error: UpstreamError): void {
    this.#cancelTail?.()
    this.#attempt(() => this.#fail(toUnansweredProblem(error.code), error.code))
  }

  /** An exception here would end the process, and with it the calls of others. */
  #attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.abort()
      this.#owner.onCrash(error)
    }
  }

  #readHead(status: number, headers: string[]): void {
    this.status = status
    this.#headers = headers
    const type = findHeader(headers, 'content-type')?.toLowerCase() ?? ''
    if (status === 200 && this.#call.isStreamed && type.startsWith(this.#prepared.streamType)) {
      this.#stream = this.#prepared.createStream()
    }
  }

  #readData(chunk: Buffer): void {
    if (this.#stream) this.#onEvents(this.#stream, chunk)
    else if (!this.#body.add(chunk)) this.#fail(failed('The answer of the provider is too large.'))
  }

  #readEnd(): void {
    if (this.#stream) this.#endStream(this.#stream)
    else this.#endWhole(this.#body.toBuffer())
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
    else if (events !== '' && !(isFirst && isOnlyComments(events))) this.#pass(events)
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
    this.#events += countEvents(events)
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
