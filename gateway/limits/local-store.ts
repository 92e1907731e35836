import { type CounterRef, type LimitStore, toCounterKey } from './limit-store.ts'

const MAX_COUNTERS = 100_000

/** What a counter holds after something is added to it. */
const add = (used: number, delta: number): number =>
  Math.min(Math.max(used + delta, 0), Number.MAX_SAFE_INTEGER)

/**
 * Counters in the memory of this process. Those of windows that ended are dropped as calls come.
 *
 * @param maxCounters how many it holds; with so many alive, a claim of another one is denied: to
 * forget one would give its caller all of its limit again
 */
export const createLocalStore = (maxCounters = MAX_COUNTERS): LimitStore => {
  // By the end of their windows, of which few are open at a time: all that ended goes at once.
  const byEnd = new Map<number, Map<string, number>>()
  let size = 0

  const dropEnded = (nowMs: number): void => {
    for (const [endMs, counters] of byEnd) {
      if (endMs > nowMs) continue
      size -= counters.size
      byEnd.delete(endMs)
    }
  }
  const find = (ref: CounterRef): number | undefined =>
    byEnd.get(ref.window.endMs)?.get(toCounterKey(ref))
  const set = (ref: CounterRef, used: number): void => {
    const counters = byEnd.get(ref.window.endMs) ?? new Map<string, number>()
    size -= counters.size
    counters.set(toCounterKey(ref), used)
    size += counters.size
    byEnd.set(ref.window.endMs, counters)
  }

  return {
    async reserve(claims, nowMs) {
      dropEnded(nowMs)
      let wanted = size
      for (const [deniedIndex, claim] of claims.entries()) {
        const used = find(claim)
        if (used === undefined) wanted += 1
        const fits = claim.amount <= claim.max - (used ?? 0) && wanted <= maxCounters
        if (!fits) return { isGranted: false, deniedIndex }
      }
      const sums = claims.map((claim) => add(find(claim) ?? 0, claim.amount))
      for (const [index, claim] of claims.entries()) set(claim, sums[index] ?? 0)
      return { isGranted: true, used: sums }
    },
    async settle(corrections, nowMs) {
      dropEnded(nowMs)
      for (const correction of corrections) {
        const used = find(correction)
        if (used !== undefined) set(correction, add(used, correction.delta))
      }
    },
  }
}
