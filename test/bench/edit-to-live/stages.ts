import { type Summary, summarize } from '../stats.ts'
import type { TimelineEntry } from './replica-probe.ts'
import type { Edit } from './routes.ts'

/** An edit that was seen served. */
export interface ServedEdit extends Edit {
  readonly served: number
}

/** A served edit with the stamps of the way that the last replica tells. */
export type StampedEdit = ServedEdit & Omit<TimelineEntry, 'key'>

/** The way of an edit, stop by stop; the figures are epoch milliseconds. */
const STAGES = [
  { stage: 'answer to source', from: 'answered', to: 'sent' },
  { stage: 'broker', from: 'sent', to: 'received' },
  { stage: 'read the object', from: 'received', to: 'read' },
  { stage: 'compile, write, watch', from: 'read', to: 'arrived' },
  { stage: 'link', from: 'arrived', to: 'live' },
  { stage: 'seen by a client', from: 'live', to: 'served' },
] as const

export interface StageSummary extends Summary {
  readonly stage: string
}

/** The edits of which a replica tells. */
export const toStamped = (
  edits: readonly ServedEdit[],
  timelines: readonly TimelineEntry[],
): StampedEdit[] => {
  const byEdit = new Map<string, TimelineEntry>()
  for (const entry of timelines) {
    const key = `${entry.key.split('/')[2]} ${entry.generation}`
    const before = byEdit.get(key)
    if (!before || before.live < entry.live) byEdit.set(key, entry)
  }
  return edits.flatMap((edit) => {
    const entry = byEdit.get(`${edit.name} ${edit.generation}`)
    return entry ? [{ ...entry, ...edit }] : []
  })
}

/**
 * How long edits took between two stops. The stamps of other processes are whole milliseconds, and
 * the source may be quicker than the answer to the editor: single figures may be below zero.
 */
export const summarizeStages = (edits: readonly StampedEdit[]): StageSummary[] =>
  STAGES.map(({ stage, from, to }) => {
    const values = edits.map((edit) => (edit[to] ?? Number.NaN) - (edit[from] ?? Number.NaN))
    return { stage, ...summarize(values.filter(Number.isFinite)) }
  })
