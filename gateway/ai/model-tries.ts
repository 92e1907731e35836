import type { CompiledRetry } from '#config/compiled/ai-model.ts'
import type { LinkedModel } from '../link/linked-model.ts'
import type { Outcome, Usage } from '../link/model-stats.ts'
import { startDeadline } from '../proxy/deadline-timer.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import type { Call } from './call.ts'
import type { CallAccount } from './call-account.ts'
import { type Failure, isRetryable, toFailure, toRestMs, toWaitMs } from './failure.ts'
import { admitTry, NEVER_SENT, type Reservation } from './gates/admit-call.ts'
import { ModelTry } from './model-try.ts'
import { prepareCall } from './prepare-call.ts'
import type { PreparedCall, ReadAnswer } from './prepared-call.ts'
import { toOutcome, toProviderProblem } from './provider-failure.ts'
import type { StreamReader } from './surface.ts'
import type { TryOwner } from './try-owner.ts'

/** What becomes of the tries of a call. */
export interface TriesOwner extends Omit<TryOwner, 'onFailed' | 'onBlocked'> {
  /** Whether the caller has got something of an answer, so that no other can follow. */
  readonly hasBegun: boolean
  /** What the gateway can say itself. */
  onLocalAnswer(body: string): void
  /** No model has answered. */
  onFailed(failure: Failure): void
}

export interface TriesOptions {
  readonly context: AiContext
  readonly call: Call
  readonly account: CallAccount
  readonly retry: CompiledRetry
}

/** Tries models until one answers: each in its turn, and all of them again if that could help. */
export class ModelTries implements TryOwner {
  /** The last one. */
  current: ModelTry | undefined
  /** What its provider has no words for. */
  ignored: readonly string[] = []
  readonly #options: TriesOptions
  readonly #owner: TriesOwner
  #models: readonly LinkedModel[] = []
  #next = 0
  #round = 0
  #failure: Failure | undefined
  #isOver = false
  #cancelWait: (() => void) | undefined

  constructor(options: TriesOptions, owner: TriesOwner) {
    this.#options = options
    this.#owner = owner
  }

  /** @param models in the order in which they are tried */
  start(models: readonly LinkedModel[]): void {
    this.#models = models
    this.again()
  }

  /** Begins with the first model, for another question. */
  again(): void {
    this.#next = 0
    this.#tryNext()
  }

  /** What is under way is given up. */
  abort(outcome: Outcome): void {
    this.#isOver = true
    this.#cancelWait?.()
    if (!this.current?.isUnderWay) return
    this.current.model.breaker.cancelled()
    this.current.abort()
    this.#options.account.tried(this.current, outcome)
  }

  onEvents(text: string): void {
    this.#owner.onEvents(text)
  }

  onStreamEnd(text: string, stream: StreamReader): void {
    this.#succeeded(stream.usage)
    this.#owner.onStreamEnd(text, stream)
  }

  onAnswer(answer: ReadAnswer): void {
    this.#succeeded(answer.usage)
    this.#owner.onAnswer(answer)
  }

  onRefused(status: number, body: string): void {
    // It answers, whatever it thinks of the request.
    this.current?.model.breaker.succeeded()
    this.#options.account.tried(this.current, 'refused')
    this.#owner.onRefused(status, body)
  }

  onFailed(failure: Failure): void {
    const { problem } = failure
    const breaker = this.current?.model.breaker
    const nowMs = Date.now()
    this.#options.account.tried(this.current, toOutcome(problem))
    if (problem.code !== 'provider_rate_limited') breaker?.failed(nowMs)
    else breaker?.rest(nowMs + toRestMs(problem, nowMs))
    this.#failure = failure
    if (this.#owner.hasBegun) this.#owner.onFailed(failure)
    else this.#tryNext()
  }

  onBlocked(problem: AiProblem): void {
    // The model did what it was asked to.
    this.current?.model.breaker.succeeded()
    this.#options.account.tried(this.current, 'blocked')
    this.#owner.onFailed(toFailure(problem))
  }

  onCrash(error: unknown): void {
    this.#isOver = true
    this.current?.model.breaker.cancelled()
    this.#options.account.tried(this.current, 'failed')
    this.#owner.onCrash(error)
  }

  /** What the choice of models for the next calls depends on. */
  #succeeded(usage: Usage | undefined): void {
    if (!this.current) return
    const { call, account } = this.#options
    const { model, firstMs, durationMs } = this.current
    model.breaker.succeeded()
    model.speed.measured(call.isStreamed, firstMs ?? durationMs, Date.now())
    account.tried(this.current, 'ok', usage)
  }

  #tryNext(): void {
    for (; this.#next < this.#models.length; this.#next += 1) {
      const model = this.#models[this.#next] as LinkedModel
      if (!this.#start(model)) continue
      this.#next += 1
      return
    }
    this.#wait()
  }

  /** A model that fails again and again, or wants to be left alone, is passed over. */
  #admits({ breaker }: LinkedModel): boolean {
    const waitMs = breaker.admit(Date.now())
    if (waitMs === 0) return true
    const retryAfter = String(Math.ceil(waitMs / 1000))
    const code = breaker.isResting ? 'provider_rate_limited' : 'provider_unreachable'
    this.#failure ??= toFailure(toProviderProblem(code, retryAfter))
    return false
  }

  /** @returns whether it is on its way */
  #start(model: LinkedModel): boolean {
    const { context, call } = this.#options
    const prepared = prepareCall(call, model.fragment.spec)
    if (prepared instanceof AiProblem) {
      // Nothing that the model did, and not worth another round.
      this.#failure = toFailure(prepared)
      return false
    }
    if ('here' in prepared) {
      this.#owner.onLocalAnswer(prepared.here)
      return true
    }
    const admitting = admitTry(context, call, model)
    if (admitting instanceof AiProblem) {
      this.#failure = toFailure(admitting)
      return false
    }
    if (!admitting) return this.#send(model, prepared, undefined)
    admitting
      .then((admitted) => this.#admitted(model, prepared, admitted))
      .catch((error: unknown) => this.onCrash(error))
    return true
  }

  #admitted(model: LinkedModel, prepared: PreparedCall, admitted: Reservation | AiProblem): void {
    if (this.#isOver) {
      if (!(admitted instanceof AiProblem)) admitted.settle(NEVER_SENT)
      return
    }
    if (admitted instanceof AiProblem) this.#failure = toFailure(admitted)
    else if (this.#send(model, prepared, admitted)) return
    this.#tryNext()
  }

  /** @returns whether it is on its way */
  #send(model: LinkedModel, prepared: PreparedCall, reservation: Reservation | undefined): boolean {
    const { context, call, account } = this.#options
    // Asked last: the one call that a breaker lets through must be sent.
    if (!this.#admits(model)) {
      reservation?.settle(NEVER_SENT)
      return false
    }
    this.ignored = prepared.ignored
    this.current = new ModelTry(context, call, { model, prepared, reservation }, this)
    const problem = this.current.start()
    if (!problem) return true
    model.breaker.cancelled()
    this.#failure = toFailure(problem)
    account.tried(this.current, 'failed')
    return false
  }

  /** All models were tried: another round, if that could help. */
  #wait(): void {
    const waitMs = this.#toWaitMs()
    if (waitMs === undefined) {
      const failure = this.#failure ?? toFailure(toProviderProblem('provider_unreachable'))
      this.#owner.onFailed(failure)
      return
    }
    this.#round += 1
    this.#next = 0
    this.#cancelWait = startDeadline(this.#options.context.deadlines, Math.max(1, waitMs), () => {
      try {
        this.#tryNext()
      } catch (error) {
        this.onCrash(error)
      }
    })
  }

  /** @returns undefined when no other round is worth it */
  #toWaitMs(): number | undefined {
    const { attempts, backoffMs } = this.#options.retry
    const problem = this.#failure?.problem
    if (!(problem && this.current && isRetryable(problem))) return undefined
    if (this.#round >= attempts) return undefined
    return toWaitMs(problem, { round: this.#round, backoffMs }, Date.now())
  }
}
