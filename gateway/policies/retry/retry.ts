import type { CompiledRetry } from '#config/compiled/api-route.ts'
import { createRetryBudget } from './budget.ts'

/** A try that failed, and what is known of it. */
export interface FailedTry {
  /** 0 after the first try. */
  readonly attempt: number
  readonly method: string
  /** Whether any byte of the request reached the upstream. */
  readonly sent: boolean
  /** Whether the request body can be sent again from its first byte; true without a body. */
  readonly bodyReplayable: boolean
  /** Whether any byte of a response went to the client. */
  readonly responseStarted: boolean
  readonly failure:
    | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs?: number }
    | { readonly kind: 'error' }
  /** Until the request times out; Infinity for never. */
  readonly remainingMs: number
}

/** Why a try is not repeated. */
export type RefusalReason =
  | 'response-started'
  | 'attempts-spent'
  | 'status-not-listed'
  | 'method-not-repeatable'
  | 'body-not-replayable'
  | 'no-time-left'
  | 'budget-spent'

export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | { readonly retry: false; readonly reason: RefusalReason }

/** The retries of one route. */
export interface RetryPolicy {
  /** To be called once for each request, at its first try: it earns budget. */
  onRequest(): void
  /** Whether to try again, and when. Saying yes takes from the route's budget. */
  decide(failed: FailedTry): RetryDecision
}

type Refusal = (failed: FailedTry, delayMs: number) => RefusalReason | undefined

/** No client is kept waiting longer for one retry, whatever Retry-After asks for. */
const MAX_DELAY_MS = 60_000
/** Jitter takes away up to the rest, so that clients who failed together do not come together. */
const MIN_DELAY_SHARE = 0.25

/** Prepares a route's retries. `now` is in milliseconds, `random` in [0, 1). */
export const createRetryPolicy = (
  retry: CompiledRetry,
  now: () => number,
  random: () => number,
): RetryPolicy => {
  const budget = createRetryBudget(retry.budget, now)
  const refusals = createRefusals(retry)
  return {
    onRequest: budget.onRequest,
    decide(failed) {
      const delayMs = toDelayMs(failed, retry.backoffMs, random())
      for (const refusal of refusals) {
        const reason = refusal(failed, delayMs)
        if (reason !== undefined) return { retry: false, reason }
      }
      // Last, since asking takes.
      return budget.take() ? { retry: true, delayMs } : { retry: false, reason: 'budget-spent' }
    },
  }
}

/** In the order in which they count. */
const createRefusals = ({ attempts, codes, methods }: CompiledRetry): Refusal[] => {
  const statuses = new Set(codes)
  const repeatable = new Set(methods)
  return [
    ({ responseStarted }) => (responseStarted ? 'response-started' : undefined),
    ({ attempt }) => (attempt >= attempts ? 'attempts-spent' : undefined),
    ({ failure }) =>
      failure.kind === 'status' && !statuses.has(failure.status) ? 'status-not-listed' : undefined,
    // A status is an answer, so the request was sent.
    ({ method, sent, failure }) =>
      (sent || failure.kind === 'status') && !repeatable.has(method)
        ? 'method-not-repeatable'
        : undefined,
    ({ bodyReplayable }) => (bodyReplayable ? undefined : 'body-not-replayable'),
    ({ remainingMs }, delayMs) =>
      delayMs < remainingMs && delayMs <= MAX_DELAY_MS ? undefined : 'no-time-left',
  ]
}

const toDelayMs = ({ attempt, failure }: FailedTry, backoffMs: number, luck: number): number => {
  const share = MIN_DELAY_SHARE + (1 - MIN_DELAY_SHARE) * luck
  const retryAfterMs = failure.kind === 'status' ? (failure.retryAfterMs ?? 0) : 0
  return Math.max(backoffMs * 2 ** attempt * share, retryAfterMs)
}

const WEEKDAY = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/

/**
 * Milliseconds to wait for a Retry-After header (RFC 9110 §10.2.3: seconds or a date). Undefined
 * when there is none or it is neither. `nowMs` is Unix time.
 */
export const parseRetryAfter = (value: string | undefined, nowMs: number): number | undefined => {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!WEEKDAY.test(text)) return undefined
  // The oldest of the three date formats names no zone; all are GMT.
  const dateMs = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}
