import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import type { Finding } from '../call-record.ts'
import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
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
  settle(spent: Spent): void
  /** Whether a cache had the answer; undefined where none was asked. */
  readonly cache: 'hit' | 'miss' | undefined
  readonly findings: readonly Finding[]
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

/** @param gates the outermost first */
export const openGates = (gates: readonly Gate[], call: Call): Gates => {
  const passages = gates.map((gate) => gate.open(call))
  /** Those that the call has passed inwards: an answer from a cache passes no others on its way out. */
  const entered: Passage[] = []
  const outwards = () => entered.toReversed()
  return {
    get isHolding() {
      return passages.some(({ isHolding }) => isHolding)
    },
    get isReading() {
      return passages.some(({ isReading }) => isReading)
    },
    async enter() {
      for (const passage of passages) {
        const end = await passage.enter?.()
        if (end instanceof AiProblem) return end
        if (end) return end
        entered.push(passage)
      }
      return undefined
    },
    createFilter: () => chain(outwards().flatMap((passage) => passage.createFilter?.() ?? [])),
    async leave(answer) {
      let current = answer
      for (const passage of outwards()) {
        const passed = (await passage.leave?.(current)) ?? current
        if (!isAnswer(passed)) return passed
        current = passed
      }
      return current
    },
    get cache() {
      return passages.find(({ cache }) => cache !== undefined)?.cache
    },
    get findings() {
      return passages.flatMap(({ findings = [] }) => findings)
    },
    settle(spent) {
      for (const passage of entered) passage.settle?.(spent)
    },
  }
}
