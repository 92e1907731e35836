import type { CompiledLimit } from '#config/compiled/limit.ts'

/** A stretch of time that is counted as one. */
export interface LimitWindow {
  readonly startMs: number
  /** The first moment after it. */
  readonly endMs: number
}

const LENGTHS_MS = { Minute: 60_000, Hour: 3_600_000, Day: 86_400_000 }

/** The window that a moment is in; it begins in UTC at the full minute, hour, day or month. */
export const toWindow = (name: CompiledLimit['window'], nowMs: number): LimitWindow => {
  if (name === 'Month') {
    const now = new Date(nowMs)
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
    return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) }
  }
  const lengthMs = LENGTHS_MS[name]
  const startMs = Math.floor(nowMs / lengthMs) * lengthMs
  return { startMs, endMs: startMs + lengthMs }
}
