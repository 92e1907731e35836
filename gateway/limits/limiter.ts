import type { CompiledLimit } from '#config/compiled/limit.ts'
import { type Admission, toAdmission, UNLIMITED } from './admission.ts'
import { type Amounts, NO_AMOUNTS } from './amounts.ts'
import { type LimitClaim, toClaims, toCorrections } from './claims.ts'
import type { LimitedCaller } from './limit-key.ts'
import type { LimitStore } from './limit-store.ts'
import { reserveInTime } from './reserve-in-time.ts'

type Admit = (
  limits: readonly CompiledLimit[],
  caller: LimitedCaller,
  estimate: Amounts,
) => Admission | Promise<Admission>

/** Admits calls by what they are thought to use, and counts what they used. */
export interface Limiter {
  /** It returns no promise where nothing limits the call. */
  readonly admit: Admit
}

export interface LimiterOptions {
  /** Shared by all replicas; the same as `local` where there is none. */
  readonly store: LimitStore
  /** Of this replica, for the limits that fall back to it. It knows nothing of the other's counts. */
  readonly local: LimitStore
  /** Is told of every failure of the store, which is every call while it is gone. */
  readonly onStoreError: (error: unknown) => void
  readonly now?: () => number
}

/** When a call may try again that is denied because the store does not answer. */
const STORE_RETRY_MS = 1000

/** Makes a limiter of the stores that it counts in. */
export const createLimiter = (options: LimiterOptions): Limiter => {
  const { store, local, onStoreError, now = Date.now } = options

  const settle = (at: LimitStore, claims: readonly LimitClaim[], actual: Amounts): void => {
    const corrections = toCorrections(claims, actual)
    // What fails may have been done all the same: to try again could count it twice.
    if (corrections.length > 0) at.settle(corrections, now()).catch(onStoreError)
  }

  /** What each limit wants where the store fails. */
  const admitLocally: Admit = async (limits, caller, estimate) => {
    const denying = limits.find(({ onStoreFailure }) => onStoreFailure === 'Deny')
    if (denying) return { denied: { limit: denying, retryAfterMs: STORE_RETRY_MS } }
    const counted = limits.filter(({ onStoreFailure }) => onStoreFailure === 'Local')
    if (counted.length === 0) return UNLIMITED
    const nowMs = now()
    const claims = toClaims(counted, caller, estimate, nowMs)
    const verdict = await local.reserve(claims, nowMs)
    return toAdmission(verdict, claims, nowMs, (actual) => settle(local, claims, actual))
  }

  const admitLimited: Admit = async (limits, caller, estimate) => {
    const nowMs = now()
    const claims = toClaims(limits, caller, estimate, nowMs)
    const giveBack = () => settle(store, claims, NO_AMOUNTS)
    try {
      const verdict = await reserveInTime(store.reserve(claims, nowMs), giveBack)
      return toAdmission(verdict, claims, nowMs, (actual) => settle(store, claims, actual))
    } catch (error) {
      onStoreError(error)
      return admitLocally(limits, caller, estimate)
    }
  }

  return {
    admit: (limits, caller, estimate) =>
      limits.length === 0 ? UNLIMITED : admitLimited(limits, caller, estimate),
  }
}
