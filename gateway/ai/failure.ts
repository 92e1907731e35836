import type { AiProblem } from './ai-problem.ts'

/** A try that led to no answer. */
export interface Failure {
  readonly problem: AiProblem
  /** What went wrong below HTTP, for the log. */
  readonly cause: string
  /** The caller was told by the provider itself. */
  readonly isTold: boolean
}

/** A failure that is for the gateway to tell. */
export const toFailure = (problem: AiProblem): Failure => ({
  problem,
  cause: problem.code,
  isTold: false,
})

/** Failures after which the same model may be tried again. */
const RETRYABLE = new Set(['provider_unreachable', 'provider_failed', 'provider_rate_limited'])

export const isRetryable = ({ code }: AiProblem): boolean => RETRYABLE.has(code)

/** The longest wait that a caller is kept for. */
const MAX_WAIT_MS = 60_000

/** @returns milliseconds; undefined for what is neither seconds nor a date (RFC 9110 §10.2.3) */
export const toRetryAfterMs = (text: string | undefined, nowMs: number): number | undefined => {
  if (text === undefined) return undefined
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}

/** For how long a model is left alone; then one call sees whether its provider meant that long. */
export const toRestMs = ({ retryAfter }: AiProblem, nowMs: number): number =>
  Math.min(toRetryAfterMs(retryAfter, nowMs) ?? 0, MAX_WAIT_MS)

/**
 * How long to wait before all models are tried again.
 * @returns undefined when that is longer than anyone waits
 */
export const toWaitMs = (
  { retryAfter }: AiProblem,
  { round, backoffMs }: { readonly round: number; readonly backoffMs: number },
  nowMs: number,
): number | undefined => {
  const waitMs = Math.max(toRetryAfterMs(retryAfter, nowMs) ?? 0, backoffMs * 2 ** round)
  return waitMs > MAX_WAIT_MS ? undefined : waitMs
}
