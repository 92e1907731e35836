import { type ObjectVersion, toKeyString } from '#config/compiled/fragment.ts'

/** Objects of which not every replica has yet said that it serves their newest generation. */
export interface PendingObjects {
  add(version: ObjectVersion): void
  /** Every replica has said that it serves this version. */
  settle(version: ObjectVersion): void
  /** Whether this version, or a newer one, is settled. */
  isSettled(version: ObjectVersion): boolean
  /** Forgets the object. */
  delete(keyString: string): void
  versions(): Iterable<ObjectVersion>
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
  const settled = new Map<string, { readonly uid: string; readonly generation: number }>()

  return {
    add(version) {
      const keyString = toKeyString(version)
      settled.delete(keyString)
      const before = entries.get(keyString)?.version
      if (before?.uid === version.uid && before.generation === version.generation) return
      entries.set(keyString, { version, waitMs, dueAt: now() + waitMs })
    },
    settle(version) {
      const keyString = toKeyString(version)
      entries.delete(keyString)
      settled.set(keyString, { uid: version.uid, generation: version.generation })
    },
    isSettled(version) {
      const last = settled.get(toKeyString(version))
      return last?.uid === version.uid && last.generation >= version.generation
    },
    delete(keyString) {
      entries.delete(keyString)
      settled.delete(keyString)
    },
    versions: () => [...entries.values()].map(({ version }) => version),
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
