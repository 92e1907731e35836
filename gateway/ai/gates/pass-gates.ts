import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import type { Finding } from '../call-record.ts'
import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
import type { ChatRequest } from '../chat/request.ts'
import type { Gate, Passage, Passed, Spent, StreamFilter } from './gate.ts'

/** All the gates of one call as one. */
export interface Gates {
  readonly isHolding: boolean
  readonly isReading: boolean
  /** Passes them inwards, until one ends the call. */
  enter(): Promise<ChatAnswer | AiProblem | undefined>
  createFilter(): StreamFilter | undefined
  /** Passes those that were entered outwards. */
  leave(answer: ChatAnswer): Promise<Passed>
  /** Puts another question in place of the call's: those inside of who asks it have to be passed. */
  again(request: ChatRequest): Promise<AiProblem | undefined>
  settle(spent: Spent): void
  /** Whether a cache had the answer; undefined where none was asked. */
  readonly cache: 'hit' | 'miss' | undefined
  readonly findings: readonly Finding[]
  /** Settles when `findings` is complete; undefined where it is already. */
  readonly audited: Promise<unknown> | undefined
}

/** Filters after one another, as one. */
const chain = (filters: readonly StreamFilter[]): StreamFilter | undefined => {
  if (filters.length <= 1) return filters[0]
  return {
    get problem() {
      return filters.find(({ problem }) => problem !== undefined)?.problem
    },
    push: (event) =>
      filters.reduce<readonly ChatEvent[]>(
        (events, filter) => events.flatMap((each) => filter.push(each)),
        [event],
      ),
  }
}

const isAnswer = (passed: Passed): passed is ChatAnswer =>
  !(passed instanceof AiProblem) && !('askAgain' in passed)

/** One call on its way through its gates. */
class OpenGates implements Gates {
  readonly #call: Call
  readonly #passages: readonly Passage[]
  /** Those the call has passed inwards: an answer of a cache passes no others on its way out. */
  readonly #entered: Passage[] = []
  #spent: Spent | undefined
  /** Of those that were entered, the one that asked again. */
  #asking = 0

  constructor(gates: readonly Gate[], call: Call) {
    this.#call = call
    this.#passages = gates.map((gate) => gate.open(call))
  }

  get isHolding(): boolean {
    return this.#passages.some(({ isHolding }) => isHolding)
  }

  get isReading(): boolean {
    return this.#passages.some(({ isReading }) => isReading)
  }

  get cache(): Gates['cache'] {
    return this.#passages.find(({ cache }) => cache !== undefined)?.cache
  }

  get findings(): readonly Finding[] {
    return this.#passages.flatMap(({ findings = [] }) => findings)
  }

  get audited(): Gates['audited'] {
    const pending = this.#passages.flatMap(({ audited }) => audited ?? [])
    return pending.length > 0 ? Promise.all(pending) : undefined
  }

  async enter(): Promise<ChatAnswer | AiProblem | undefined> {
    for (const passage of this.#passages) {
      const end = await passage.enter?.()
      if (this.#spent) {
        // The call was over before it was let in.
        passage.settle?.(this.#spent)
        return undefined
      }
      if (end) return end
      this.#entered.push(passage)
    }
    return undefined
  }

  createFilter(): StreamFilter | undefined {
    const outwards = this.#entered.toReversed()
    return chain(outwards.flatMap((passage) => passage.createFilter?.() ?? []))
  }

  async leave(answer: ChatAnswer): Promise<Passed> {
    let current = answer
    for (let index = this.#entered.length - 1; index >= 0; index -= 1) {
      const passed = (await this.#entered[index]?.leave?.(current)) ?? current
      this.#asking = index
      if (!isAnswer(passed)) return passed
      current = passed
    }
    for (const passage of this.#entered) passage.passed?.()
    return current
  }

  async again(request: ChatRequest): Promise<AiProblem | undefined> {
    this.#call.rewrite(request)
    for (const passage of this.#entered.slice(this.#asking + 1)) {
      const problem = await passage.again?.()
      if (problem) return problem
    }
    return undefined
  }

  settle(spent: Spent): void {
    this.#spent = spent
    for (const passage of this.#entered) passage.settle?.(spent)
  }
}

/** @param gates the outermost first */
export const openGates = (gates: readonly Gate[], call: Call): Gates => new OpenGates(gates, call)
