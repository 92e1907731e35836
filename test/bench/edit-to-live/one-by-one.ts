import { type Summary, summarize } from '../stats.ts'
import type { ChangeCounter } from './change-counter.ts'
import type { ReplicaProbe } from './replica-probe.ts'
import type { Edit, Routes } from './routes.ts'
import { type ServedEdit, type StageSummary, summarizeStages } from './stages.ts'

export interface OneByOneResult {
  /** Milliseconds from the API server's answer until the last replica serves the edit. */
  readonly create: Summary
  readonly change: Summary
  readonly all: Summary
  readonly stages: readonly StageSummary[]
  /** Fragments compiled and written for one edit, mean. */
  readonly fragmentWritesPerEdit: number
  /** Bytes of JSON written for one edit, and sent to each replica, mean. */
  readonly bytesPerEdit: number
  readonly statusWritesPerEdit: number
}

export interface OneByOneDeps {
  readonly routes: Routes
  readonly probes: readonly ReplicaProbe[]
  readonly counter: ChangeCounter
  /** Names of routes that are there, to change. */
  readonly existing: readonly string[]
}

/** The status of the last edit comes after it is served. */
const QUIET_MS = 2000

const follow = async (probes: readonly ReplicaProbe[], edit: Edit): Promise<ServedEdit> => {
  const seen = await Promise.all(probes.map((probe) => probe.untilServed(edit.name, edit.mark)))
  return { ...edit, served: Math.max(...seen) }
}

const latencies = (edits: readonly ServedEdit[]): Summary =>
  summarize(edits.map(({ answered, served }) => Math.max(0, served - answered)))

/** Creates so many routes and changes so many, each once the edit before is served. */
export const editOneByOne = async (deps: OneByOneDeps, edits: number): Promise<OneByOneResult> => {
  const { routes, probes, counter, existing } = deps
  const done: ServedEdit[] = []
  const created: string[] = []
  await counter.quiet(QUIET_MS)
  counter.reset()
  for (let i = 0; i < edits; i += 1) {
    const name = `one-${existing.length}-${i}`
    created.push(name)
    done.push(await follow(probes, await routes.create(name, `new-${i}`)))
    const known = existing[Math.floor((i * existing.length) / edits)]
    if (known) {
      const mark = `changed-${existing.length}-${i}`
      done.push(await follow(probes, await routes.change(known, mark)))
    }
  }
  const timelines = (await Promise.all(probes.map((probe) => probe.timelines()))).flat()
  await counter.quiet(QUIET_MS)
  const counts = counter.reset()
  await routes.deleteMany(created, 4)
  const perEdit = (count: number) => count / done.length
  return {
    create: latencies(done.filter(({ verb }) => verb === 'create')),
    change: latencies(done.filter(({ verb }) => verb === 'change')),
    all: latencies(done),
    stages: summarizeStages(done, timelines),
    fragmentWritesPerEdit: perEdit(counts.fragmentWrites),
    bytesPerEdit: perEdit(counts.fragmentBytes),
    statusWritesPerEdit: perEdit(
      [...counts.statusWrites.values()].reduce((sum, count) => sum + count, 0),
    ),
  }
}
