import type { CompiledLimit } from '#config/compiled/limit.ts'
import { type Amounts, toAmount } from './amounts.ts'
import { type LimitedCaller, toLimitKey } from './limit-key.ts'
import type { Claim, Correction } from './limit-store.ts'
import { toWindow } from './limit-window.ts'

/** A claim, and the limit that it is made for. */
export interface LimitClaim extends Claim {
  readonly limit: CompiledLimit
}

/**
 * What a call claims. A counter that several limits share is claimed once, for the smallest of
 * them. The windows that end last come first: of several limits that deny, the one that denies
 * longest is found.
 */
export const toClaims = (
  limits: readonly CompiledLimit[],
  caller: LimitedCaller,
  estimate: Amounts,
  nowMs: number,
): LimitClaim[] => {
  const claims = new Map<string, LimitClaim>()
  for (const limit of limits) {
    const key = toLimitKey(limit, caller)
    const { max } = limit
    if ((claims.get(key)?.max ?? Number.POSITIVE_INFINITY) <= max) continue
    const amount = toAmount(estimate[limit.unit])
    claims.set(key, { limit, key, window: toWindow(limit.window, nowMs), max, amount })
  }
  return [...claims.values()].sort((a, b) => b.window.endMs - a.window.endMs)
}

/** The difference between what was claimed and what was used, where there is one. */
export const toCorrections = (claims: readonly LimitClaim[], actual: Amounts): Correction[] =>
  claims
    .map(({ key, window, amount, limit }) => ({
      key,
      window,
      delta: toAmount(actual[limit.unit]) - amount,
    }))
    .filter(({ delta }) => delta !== 0)
