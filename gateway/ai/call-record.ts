import type { LinkedModel } from '../link/linked-model.ts'
import type { Outcome, Usage } from '../link/model-stats.ts'
import type { Consumer } from '../policies/api-key/consumer-directory.ts'
import type { Operation } from './surface.ts'

/** One try of a model within a call. */
export interface TryRecord {
  readonly model: LinkedModel
  readonly outcome: Outcome
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
  /** Of the provider's answer; 0 for none. */
  readonly status: number
  readonly usage: Usage | undefined
}

/** What a gate has found, without what was said. */
export interface Finding {
  readonly guardrail: string
  readonly stage: 'Request' | 'Response'
  readonly action: 'Block' | 'Mask' | 'Audit'
  /** How often, by type. */
  readonly counts: Readonly<Record<string, number>>
}

/** All that is told of a call that is over; nothing of what was asked or answered. */
export interface CallRecord {
  readonly requestId: string
  /** W3C trace context of the caller, if it sent one. */
  readonly traceparent: string | undefined
  /** What the caller named: a model, policy or prompt. */
  readonly target: string
  readonly consumer: Consumer
  readonly operation: Operation
  readonly isStream: boolean
  readonly outcome: Outcome
  /** Why there is no answer; a stable word. */
  readonly cause: string | undefined
  /** Epoch milliseconds. */
  readonly startedAtMs: number
  readonly durationMs: number
  /** Until the first event of a stream. */
  readonly firstMs: number | undefined
  /** Of all tries together. */
  readonly usage: Usage | undefined
  /** Micro-dollars; undefined where nobody knows the price. */
  readonly cost: number | undefined
  readonly cache: 'hit' | 'miss' | undefined
  readonly tries: readonly TryRecord[]
  readonly findings: readonly Finding[]
}

/** Is told of each call that is over. */
export type CallObserver = (record: CallRecord) => void
