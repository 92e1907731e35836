import type { Outcome } from '../link/model-stats.ts'
import { startDeadline } from '../proxy/deadline-timer.ts'
import type { Outgoing } from '../proxy/http.ts'
import type { AiContext } from './ai-context.ts'
import { AiProblem } from './ai-problem.ts'
import type { Call } from './call.ts'
import { CallAccount } from './call-account.ts'
import { toCallerHeaders } from './call-headers.ts'
import { CallerAnswer } from './caller-answer.ts'
import type { ChatAnswer } from './chat/answer.ts'
import type { ChatRequest } from './chat/request.ts'
import { type Failure, toFailure } from './failure.ts'
import type { Spent } from './gates/gate.ts'
import { type Gates, openGates } from './gates/pass-gates.ts'
import { ModelTries, type TriesOwner } from './model-tries.ts'
import type { ReadAnswer } from './prepared-call.ts'
import { toOutcome, toProviderProblem } from './provider-failure.ts'
import type { Target } from './target.ts'
import { toProblem } from './to-problem.ts'
import { encodeReply } from './translate-call.ts'

/**
 * One call on its way: it passes its gates, then models are tried until one answers. Until the
 * first event of an answer is whole nothing is written, so that another model can take over unseen,
 * and a failure of all is an error with a status; after it, a failure is an error event, and never
 * an answer that looks complete.
 */
export class CallRun implements TriesOwner {
  readonly #context: AiContext
  readonly #call: Call
  readonly #target: Target
  readonly #answer: CallerAnswer
  readonly #account: CallAccount
  readonly #tries: ModelTries
  #cancelRequest: (() => void) | undefined
  /** Known once the call is over. */
  #spent: Spent | undefined
  #done = false

  constructor(context: AiContext, call: Call, target: Target, res: Outgoing) {
    this.#context = context
    this.#call = call
    this.#target = target
    this.#answer = new CallerAnswer(res, call.surface.caller)
    const account = new CallAccount(context, call, target.label)
    this.#account = account
    this.#tries = new ModelTries({ context, call, account, retry: target.retry }, this)
    res.on('close', () => this.#clientLeft())
  }

  start(): void {
    const { gates = [], requestMs } = this.#target
    if (requestMs > 0) {
      const { deadlines } = this.#context
      this.#cancelRequest = startDeadline(deadlines, requestMs, () => this.#expire())
    }
    if (gates.length === 0) this.#choose()
    else this.#enter(openGates(gates, this.#call))
  }

  get hasBegun(): boolean {
    return this.#answer.hasBegun
  }

  onEvents(text: string): void {
    this.#answer.writeEvents(text, () => this.#headers(), this.#tries.current)
  }

  onStreamEnd(text: string): void {
    this.#finish('ok')
    this.#answer.end(text)
  }

  onAnswer({ body, answer }: ReadAnswer): void {
    const { gates, read } = this.#call
    if (gates && answer) this.#leave(gates, answer)
    // A provider that does not stream does not change what its caller reads.
    else if (answer && read.isStream) this.#reply(answer)
    else this.#end('ok', 200, body)
  }

  onLocalAnswer(body: string): void {
    this.#end('ok', 200, body)
  }

  onRefused(status: number, body: string): void {
    this.#end('refused', status, body)
  }

  onFailed({ problem, cause, isTold }: Failure): void {
    this.#finish(toOutcome(problem), cause)
    if (isTold) this.#answer.end()
    else this.#answer.fail(problem, this.#headers())
  }

  onCrash(error: unknown): void {
    this.#context.log.error({ err: error }, 'call failed')
    if (!this.#done) this.#finish('failed', 'internal_error')
    this.#answer.crash()
  }

  /** Work that is not done at once: the call may be over before it is, and must not outlast it. */
  #await<T>(work: Promise<T>, then: (value: T) => void): void {
    work
      .then((value) => {
        if (!this.#done) then(value)
      })
      .catch((error: unknown) => this.#stumble(error))
  }

  /** A fault of the request is the caller's to know; anything else nobody thought of. */
  #stumble(error: unknown): void {
    try {
      if (!this.#done) this.#refuse(toProblem(error))
    } catch {
      this.onCrash(error)
    }
  }

  #enter(gates: Gates): void {
    this.#call.gates = gates
    this.#call.isHeld = gates.isHolding
    this.#call.isRead = gates.isReading
    this.#await(gates.enter(), (end) => {
      if (end instanceof AiProblem) this.#refuse(end)
      else if (end) this.#leave(gates, end)
      else this.#choose()
    })
  }

  #leave(gates: Gates, answer: ChatAnswer): void {
    this.#await(gates.leave(answer), (passed) => {
      if (passed instanceof AiProblem) this.#refuse(passed)
      else if (!('askAgain' in passed)) this.#reply(passed)
      else this.#askAgain(gates, passed.askAgain)
    })
  }

  #askAgain(gates: Gates, request: ChatRequest): void {
    this.#await(gates.again(request), (problem) => {
      if (problem) this.#refuse(problem)
      else this.#choose()
    })
  }

  #choose(): void {
    try {
      const models = this.#target.choose(this.#call)
      if (models instanceof AiProblem) this.#refuse(models)
      else this.#tries.start(models)
    } catch (error) {
      this.#stumble(error)
    }
  }

  /** Answers with what is whole, as a stream if that is what the caller wants. */
  #reply(answer: ChatAnswer): void {
    const { body, events } = encodeReply(this.#call, answer)
    if (events === undefined) this.#end('ok', 200, body)
    else {
      this.#finish('ok')
      this.#answer.writeEvents(events, () => this.#headers())
      this.#answer.end()
    }
  }

  #expire(): void {
    this.#call.abandon()
    this.#tries.abort('timeout')
    this.#refuse(toProviderProblem('provider_timeout'))
  }

  /** The gateway's own word, in place of an answer. */
  #refuse(problem: AiProblem): void {
    this.onFailed(toFailure(problem))
  }

  #clientLeft(): void {
    if (this.#done) return
    this.#call.abandon()
    this.#tries.abort('client_left')
    this.#finish('client_left')
  }

  #end(outcome: Outcome, status: number, body: string | Buffer): void {
    this.#finish(outcome)
    this.#answer.answer(status, body, this.#headers())
  }

  #headers(): readonly string[] {
    const { current, ignored } = this.#tries
    return toCallerHeaders(this.#call, { model: current?.model, ignored, spent: this.#spent })
  }

  #finish(outcome: Outcome, cause?: string): void {
    this.#done = true
    this.#cancelRequest?.()
    this.#spent = this.#account.close(outcome, cause)
  }
}
