import type { LinkedModel } from '../link/linked-model.ts'
import type { AiProblem } from './ai-problem.ts'
import type { Failure } from './failure.ts'
import type { Reservation } from './gates/admit-call.ts'
import type { PreparedCall, ReadAnswer } from './prepared-call.ts'
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
  /** Something went wrong that nobody thought of. */
  onCrash(error: unknown): void
  /** A gate has ended the stream. */
  onBlocked(problem: AiProblem): void
}

export interface TryOptions {
  readonly model: LinkedModel
  readonly prepared: PreparedCall
  readonly reservation: Reservation | undefined
}
