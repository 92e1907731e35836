import type { CompiledRetry } from '#config/compiled/api-route.ts'

/** Keeps retries a small share of the traffic, so that they cannot bring a weak backend down. */
export interface RetryBudget {
  /** Counts a first try. */
  onRequest(): void
  /** Counts a retry, unless the budget is spent. */
  take(): boolean
}

const BUCKETS = 10

/**
 * Allows retries up to `percent` of the requests of the last `intervalMs`, and `minRetryRate` a
 * second in any case. `now` is in milliseconds and need not be wall time.
 */
export const createRetryBudget = (
  { percent, intervalMs, minRetryRate }: CompiledRetry['budget'],
  now: () => number,
): RetryBudget => {
  const bucketMs = Math.max(intervalMs, 1) / BUCKETS
  const alwaysAllowed = (minRetryRate * intervalMs) / 1000
  const requests = createWindow()
  const retries = createWindow()
  return {
    onRequest: () => requests.add(Math.floor(now() / bucketMs)),
    take() {
      const bucket = Math.floor(now() / bucketMs)
      const allowed = Math.max(alwaysAllowed, (requests.sum(bucket) * percent) / 100)
      if (retries.sum(bucket) >= allowed) return false
      retries.add(bucket)
      return true
    },
  }
}

/** Counts of the last buckets, in a ring. */
const createWindow = () => {
  const counts = new Array<number>(BUCKETS).fill(0)
  let newest = 0
  let total = 0
  const advance = (bucket: number): void => {
    // A clock that goes back counts into the newest bucket.
    if (bucket <= newest) return
    for (let i = Math.max(newest + 1, bucket - BUCKETS + 1); i <= bucket; i++) {
      total -= counts[i % BUCKETS] as number
      counts[i % BUCKETS] = 0
    }
    newest = bucket
  }
  return {
    add(bucket: number): void {
      advance(bucket)
      counts[newest % BUCKETS] = (counts[newest % BUCKETS] as number) + 1
      total++
    },
    sum(bucket: number): number {
      advance(bucket)
      return total
    },
  }
}
