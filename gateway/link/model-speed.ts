/** How fast a model has answered lately; carried along with its counters. */
export interface ModelSpeed {
  /** @param ms until its first event, or until the whole answer */
  measured(isStream: boolean, ms: number, nowMs: number): void
  /** A call was sent to see how fast it is. */
  explored(nowMs: number): void
  /** @returns milliseconds to expect; undefined when that is not known, or no longer */
  expected(isStream: boolean, nowMs: number): number | undefined
  /** Whether nobody has gone to see for a while. */
  isDue(nowMs: number): boolean
}

/** The share of the newest measurement in the average. */
const WEIGHT = 0.2
/** Nobody knows how fast a model is now that was last asked before that. */
const FRESH_MS = 60_000
/** How long the measuring call may take before another one is sent. */
const EXPLORE_MS = 5000

interface Average {
  ms: number
  atMs: number
}

export const createModelSpeed = (): ModelSpeed => {
  const averages = new Map<boolean, Average>()
  let exploredAt = Number.NEGATIVE_INFINITY
  return {
    measured(isStream, ms, nowMs) {
      const before = averages.get(isStream)
      const isFresh = before && nowMs - before.atMs < FRESH_MS
      const average = isFresh ? before.ms + WEIGHT * (ms - before.ms) : ms
      averages.set(isStream, { ms: average, atMs: nowMs })
    },
    explored(nowMs) {
      exploredAt = nowMs
    },
    expected(isStream, nowMs) {
      const average = averages.get(isStream)
      return average && nowMs - average.atMs < FRESH_MS ? average.ms : undefined
    },
    isDue: (nowMs) => nowMs - exploredAt > EXPLORE_MS,
  }
}
