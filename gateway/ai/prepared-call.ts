import type { Usage } from '../link/model-stats.ts'
import type { ChatAnswer } from './chat/answer.ts'
import type { StreamReader } from './surface.ts'

/** An answer as the caller gets it. */
export interface ReadAnswer {
  readonly body: Buffer | string
  /** Where it was read for what it says. */
  readonly answer?: ChatAnswer
  readonly usage: Usage | undefined
  readonly isFailure: boolean
}

/** A call made ready for one model, and how its answer is to be read. */
export interface PreparedCall {
  readonly path: string
  readonly headers: readonly string[]
  readonly body: Buffer
  /** What the caller asked for and the provider has no words for. */
  readonly ignored: readonly string[]
  /** Whether the caller gets the provider's bytes, its errors within a stream included. */
  readonly isNative: boolean
  /** Media type of a stream. */
  readonly streamType: string
  createStream(): StreamReader
  /** @returns undefined when it is no answer */
  readWhole(body: Buffer): ReadAnswer | undefined
  /**
   * What the provider says to a request that it refuses, as the caller's dialect puts it.
   * @param answer parsed; undefined when it is no JSON
   */
  toCallerError(status: number, answer: unknown): string
}
