import { toMs } from '#config/kinds/common.ts'
import { FieldError } from './field-error.ts'

const HOUR_MS = 3_600_000

/**
 * A duration in milliseconds. @throws FieldError when it is longer than a day: a timer that gets
 * more than 24 days, after the doublings of a backoff, would fire at once.
 */
export const compileDuration = (text: string, field: string): number => {
  const ms = toMs(text)
  if (ms > 24 * HOUR_MS) throw new FieldError(`${field}: longer than 24h`)
  return ms
}
