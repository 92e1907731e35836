import { type ObjectVersion, type Timeline, toKeyString } from '#config/compiled/fragment.ts'

/** A {@link Timeline} up to the moment of serving. */
export interface TimelineEntry extends Timeline {
  readonly key: string
  readonly generation: number
  /** The replica serves it. */
  readonly live: number
}

/** The latest edits and when they passed each stop, for benchmarks and for who asks why. */
export interface TimelineLog {
  /** Notes that an object is served from now on. */
  add(version: ObjectVersion, timeline: Timeline): void
  entries(): TimelineEntry[]
}

export const createTimelineLog = (capacity = 4096): TimelineLog => {
  const ring: TimelineEntry[] = []
  let next = 0
  return {
    add(version, timeline) {
      const key = toKeyString(version)
      ring[next] = { key, generation: version.generation, ...timeline, live: Date.now() }
      next = (next + 1) % capacity
    },
    entries: () => [...ring.slice(next), ...ring.slice(0, next)],
  }
}
