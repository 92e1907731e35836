/** Keeps calls away from a model that fails again and again, or asked to be left alone. */
export interface Breaker {
  /** @returns 0 when a call may be tried now, or else for how many milliseconds none may */
  admit(nowMs: number): number
  succeeded(): void
  /** A call that was let through has ended without a word on the model. */
  cancelled(): void
  failed(nowMs: number): void
  /** Lets no call through until then: its provider limits the rate. */
  rest(untilMs: number): void
  /** Whether that is why none is let through. */
  readonly isResting: boolean
}

export interface BreakerOptions {
  /** Failures in a row after which it opens; 0 for never. */
  readonly failures: number
  /** For how long; then one call is let through, and what becomes of it decides. */
  readonly cooldownMs: number
}

/** While one call is tried, the others wait for its end no longer than this. */
const PROBE_MS = 10_000

export const createBreaker = ({ failures, cooldownMs }: BreakerOptions): Breaker => {
  let inARow = 0
  let openUntil = 0
  let isResting = false
  let isProbing = false
  return {
    get isResting() {
      return isResting
    },
    admit(nowMs) {
      if (openUntil > nowMs) return openUntil - nowMs
      // Half open: the next call has to wait until this one has ended, or takes too long.
      if (failures > 0 && inARow >= failures) {
        openUntil = nowMs + PROBE_MS
        isProbing = true
      }
      return 0
    },
    cancelled() {
      if (isProbing) openUntil = 0
      isProbing = false
    },
    succeeded() {
      isProbing = false
      isResting = false
      inARow = 0
      openUntil = 0
    },
    failed(nowMs) {
      isProbing = false
      isResting = false
      inARow += 1
      if (failures > 0 && inARow >= failures) openUntil = nowMs + cooldownMs
    },
    rest(untilMs) {
      isResting = true
      openUntil = Math.max(openUntil, untilMs)
    },
  }
}
