const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

const pair = (
  ms: number,
  [big, bigUnit]: [number, string],
  [small, smallUnit]: [number, string],
) => {
  const count = Math.floor(ms / big)
  const rest = Math.floor((ms % big) / small)
  return rest === 0 ? `${count}${bigUnit}` : `${count}${bigUnit}${rest}${smallUnit}`
}

/** A duration as kubectl shows an age: the larger it is, the coarser. */
export const humanDuration = (ms: number): string => {
  if (ms < -SECOND) return '<invalid>'
  if (ms < SECOND) return '0s'
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)}s`
  if (ms < 10 * MINUTE) return pair(ms, [MINUTE, 'm'], [SECOND, 's'])
  if (ms < 3 * HOUR) return `${Math.floor(ms / MINUTE)}m`
  if (ms < 8 * HOUR) return pair(ms, [HOUR, 'h'], [MINUTE, 'm'])
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)}h`
  if (ms < 8 * DAY) return pair(ms, [DAY, 'd'], [HOUR, 'h'])
  if (ms < 2 * YEAR) return `${Math.floor(ms / DAY)}d`
  if (ms < 8 * YEAR) return pair(ms, [YEAR, 'y'], [DAY, 'd'])
  return `${Math.floor(ms / YEAR)}y`
}

/** Time since a timestamp, as kubectl shows it. */
export const age = (timestamp: unknown, now = Date.now()): string => {
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN
  return Number.isNaN(at) ? '<unknown>' : humanDuration(now - at)
}
