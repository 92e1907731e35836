import type { Usage } from '../../link/model-stats.ts'
import type { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import type { Finding } from '../call-record.ts'
import type { ChatAnswer, ChatEvent } from '../chat/answer.ts'
import type { ChatRequest } from '../chat/request.ts'

/** Changes the events of a stream on their way to the caller. */
export interface StreamFilter {
  /** @returns what may go on now; the rest is held back, until `end` at the latest */
  push(event: ChatEvent): readonly ChatEvent[]
  /** Why it has ended the stream before its end. */
  readonly problem?: AiProblem | undefined
}

/** What became of an answer at a gate: it goes on, is refused, or another one is asked for. */
export type Passed = ChatAnswer | AiProblem | { readonly askAgain: ChatRequest }

/** What a call used in the end. */
export interface Spent {
  /** As the provider counted, or else estimated; undefined when no provider was reached. */
  readonly usage: Usage | undefined
  /** Micro-dollars; undefined where nobody knows the price. */
  readonly cost: number | undefined
}

/** A gate that one call is passing. */
export interface Passage {
  /** Whether an answer must be whole before the caller gets any of it. */
  readonly isHolding?: boolean
  /** Whether the gate reads or changes what is said, so that bytes cannot pass as they are. */
  readonly isReading?: boolean
  /** Whether it had the answer; of a cache. */
  readonly cache?: 'hit' | 'miss' | undefined
  /** What it found. */
  readonly findings?: readonly Finding[]
  /**
   * On the way in; it may rewrite the call.
   * @returns what ends the call: an answer, or a problem
   */
  enter?(): Promise<ChatAnswer | AiProblem | undefined>
  /** For a stream that is not held. */
  createFilter?(): StreamFilter
  /** On the way out, for an answer that is whole. */
  leave?(answer: ChatAnswer): Promise<Passed>
  /** Another question of an outer gate goes in after the first. @returns what ends the call */
  again?(): Promise<AiProblem | undefined>
  /** Every gate has let the answer pass. */
  passed?(): void
  /** Settles, and never rejects, when `findings` is complete; undefined where it is already. */
  readonly audited?: Promise<void> | undefined
  /** The call is over, however it went. */
  settle?(spent: Spent): void
}

/** Something that every call of a target has to pass. */
export interface Gate {
  open(call: Call): Passage
}
