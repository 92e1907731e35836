import type { Deadline, Deadlines } from '../upstream/http1/deadlines.ts'

/** Calls `expire` when its time is up, unless it was removed. */
export class DeadlineTimer implements Deadline {
  slot = -1
  timeoutMs = 0
  dueAt = 0
  touched = false
  readonly expire: () => void

  constructor(expire: () => void) {
    this.expire = expire
  }
}

/** Calls `expire` after `timeoutMs`. @returns what prevents that */
export const startDeadline = (
  deadlines: Deadlines,
  timeoutMs: number,
  expire: () => void,
): (() => void) => {
  const timer = new DeadlineTimer(() => {
    // Nobody may call back after it: it must not be found again.
    deadlines.remove(timer)
    expire()
  })
  deadlines.add(timer)
  deadlines.arm(timer, timeoutMs)
  return () => deadlines.remove(timer)
}
