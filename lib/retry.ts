import { setTimeout as delay } from 'node:timers/promises'

const MAX_BACKOFF_MS = 5000

/** 50 ms doubling up to 5 s, with jitter, so that a herd spreads out. */
export const backoffMs = (failures: number): number =>
  Math.min(MAX_BACKOFF_MS, 50 * 2 ** Math.min(failures, 7)) * (0.5 + Math.random() / 2)

/** Waits; returns at once when the signal aborts. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined)

/** Tries until it succeeds. @returns undefined when the signal aborted first. */
export const retry = async <T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<T | undefined> => {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await work()
    } catch (error) {
      onError(error)
      await sleep(backoffMs(failures), signal)
    }
  }
  return undefined
}
