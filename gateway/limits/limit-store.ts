import type { LimitWindow } from './limit-window.ts'

/** Names one counter: all that is counted under a key within one window. */
export interface CounterRef {
  readonly key: string
  readonly window: LimitWindow
}

/** What a call takes from a counter. */
export interface Claim extends CounterRef {
  /** The most that the counter may hold then. */
  readonly max: number
  readonly amount: number
}

export type Verdict =
  /** What each counter holds now, in the order of the claims. */
  | { readonly isGranted: true; readonly used: readonly number[] }
  /** Which of the claims is the first that does not fit. */
  | { readonly isGranted: false; readonly deniedIndex: number }

/** What a counter was given too much, or too little. */
export interface Correction extends CounterRef {
  readonly delta: number
}

/** Where counters are. All numbers are whole, and exact as a double. */
export interface LimitStore {
  /**
   * Takes all claims or none, at once. A claim fits if its counter then holds no more than its max.
   *
   * @param claims of counters that differ, of windows that have not ended
   */
  reserve(claims: readonly Claim[], nowMs: number): Promise<Verdict>
  /**
   * Adds to the very counters that were claimed, beyond their max too; none falls below 0.
   *
   * @param corrections of counters that differ
   */
  settle(corrections: readonly Correction[], nowMs: number): Promise<void>
}

/** A key that holds the window, so that no counter is ever taken for a later one. */
export const toCounterKey = ({ key, window }: CounterRef): string => `${key}@${window.startMs}`
