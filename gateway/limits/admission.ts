import type { CompiledLimit } from '#config/compiled/limit.ts'
import type { Amounts } from './amounts.ts'
import type { LimitClaim } from './claims.ts'
import type { Verdict } from './limit-store.ts'

/** What is left of a limit. */
export interface Remaining {
  readonly limit: CompiledLimit
  readonly amount: number
  /** Until all of it is there again. */
  readonly resetAfterMs: number
}

/** The limit that a call does not fit in, and when it may try again. */
export interface Denial {
  readonly limit: CompiledLimit
  readonly retryAfterMs: number
}

/** Whether a call may go on. */
export type Admission =
  | { readonly denied: Denial }
  | {
      readonly denied?: undefined
      /** Of each counter, with this call counted. */
      readonly remaining: readonly Remaining[]
      /** Tells what the call used in the end; only the first time counts. */
      settle(actual: Amounts): void
    }

/** Of a call that nothing limits. */
export const UNLIMITED: Admission = { remaining: [], settle: () => {} }

/** What a store's verdict means for a call. */
export const toAdmission = (
  verdict: Verdict,
  claims: readonly LimitClaim[],
  nowMs: number,
  onSettle: (actual: Amounts) => void,
): Admission => {
  if (!verdict.isGranted) {
    const claim = claims[verdict.deniedIndex]
    if (!claim) throw new Error('the store denied a claim that was not made')
    return { denied: { limit: claim.limit, retryAfterMs: claim.window.endMs - nowMs } }
  }
  let isSettled = false
  return {
    remaining: claims.map(({ limit, max, window }, index) => ({
      limit,
      amount: Math.max(0, max - (verdict.used[index] ?? 0)),
      resetAfterMs: window.endMs - nowMs,
    })),
    settle(actual) {
      if (isSettled) return
      isSettled = true
      onSettle(actual)
    },
  }
}
