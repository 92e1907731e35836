import type { Deadline } from '../upstream/http1/deadlines.ts'

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
