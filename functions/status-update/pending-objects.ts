import { type ObjectVersion, toKeyString } from '#config/compiled/fragment.ts'

/** Objects of which not every replica has yet said that it serves their newest generation. */
export interface PendingObjects {
  add(version: ObjectVersion): void
  delete(keyString: string): void
  keys(): Iterable<string>
  /** Those that waited for long. Each then waits twice as long until it is named again. */
  overdue(nowMs: number): ObjectVersion[]
}

const MAX_WAIT_MS = 60_000

interface Entry {
  readonly version: ObjectVersion
  waitMs: number
  dueAt: number
}

/**
 * @param waitMs how long a replica may take to speak of an edit
 * @param now a monotonic clock in milliseconds
 */
export const createPendingObjects = (waitMs: number, now: () => number): PendingObjects => {
  const entries = new Map<string, Entry>()
  return {
    add(version) {
      const keyString = toKeyString(version)
      const before = entries.get(keyString)?.version
      if (before?.uid === version.uid && before.generation === version.generation) return
      entries.set(keyString, { version, waitMs, dueAt: now() + waitMs })
    },
    delete: (keyString) => void entries.delete(keyString),
    keys: () => entries.keys(),
    overdue(nowMs) {
      const due = [...entries.values()].filter(({ dueAt }) => dueAt <= nowMs)
      for (const entry of due) {
        entry.waitMs = Math.min(MAX_WAIT_MS, 2 * entry.waitMs)
        entry.dueAt = nowMs + entry.waitMs
      }
      return due.map(({ version }) => version)
    },
  }
}
