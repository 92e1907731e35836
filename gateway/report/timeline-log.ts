import type { Timeline } from '#config/compiled/fragment.ts'

/** A {@link Timeline} up to the moment of serving. */
export interface LiveTimeline extends Timeline {
  /** The replica got the fragment. */
  readonly arrived: number
  /** The replica serves it. */
  readonly live: number
}

export interface TimelineEntry extends LiveTimeline {
  readonly key: string
  readonly generation: number
}

/** The latest edits and when they passed each stop, for benchmarks and for who asks why. */
export interface TimelineLog {
  add(key: string, generation: number, timeline: LiveTimeline): void
  entries(): TimelineEntry[]
}

export const createTimelineLog = (capacity = 4096): TimelineLog => {
  const ring: TimelineEntry[] = []
  let next = 0
  return {
    add(key, generation, timeline) {
      ring[next] = { key, generation, ...timeline }
      next = (next + 1) % capacity
    },
    entries: () => [...ring.slice(next), ...ring.slice(0, next)],
  }
}
