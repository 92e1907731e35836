import { parseIsoDuration } from './iso-duration.ts'
import type { Delivery } from './trigger.ts'

/** How often and when a failed delivery is repeated. */
export interface RetryPolicy {
  /** Attempts after the first. */
  readonly retries: number
  /** Wait before a retry, the first being number 0. */
  waitMs(retry: number): number
  /** Longest wait for one answer; undefined for no limit. */
  readonly timeoutMs: number | undefined
}

/** What a Broker has when it says nothing: 10 retries within 205 s. */
const DEFAULT: Delivery = { retry: 10, backoffPolicy: 'exponential', backoffDelay: 'PT0.2S' }

/** Knative's formula. A delivery of one's own that does not speak of retries has none. */
export const toRetryPolicy = (delivery: Delivery = DEFAULT): RetryPolicy => {
  const { retry = 0, backoffPolicy, backoffDelay = 'PT0.2S', timeout } = delivery
  const delayMs = parseIsoDuration(backoffDelay) ?? 0
  return {
    retries: retry,
    waitMs: (number) => delayMs * (backoffPolicy === 'linear' ? number : 2 ** number),
    timeoutMs: timeout === undefined ? undefined : parseIsoDuration(timeout),
  }
}

/** Statuses after which Knative delivers again; 0 stands for no answer at all. */
export const isRetried = (status: number): boolean =>
  status === 0 || status >= 500 || [404, 408, 409, 429].includes(status)
