import { setTimeout as delay } from 'node:timers/promises'
import { type Summary, summarize } from '../stats.ts'
import type { ChangeCounter } from './change-counter.ts'
import type { ReplicaProbe } from './replica-probe.ts'
import type { Edit, Routes } from './routes.ts'
import { type ServedEdit, type StageSummary, summarizeStages, toStamped } from './stages.ts'

export interface OneByOneResult {
  /** Milliseconds from the API server's answer until the last replica serves the edit. */
  readonly create: Summary
  readonly change: Summary
  readonly all: Summary
  /** The same by the replicas' own stamps: without the time until a client asks again. */
  readonly live: Summary
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
/** What was never run is slow once: the code must be compiled before it is measured. */
const WARM_UP_EDITS = 200
const DELETERS = 4

/** After very many creates, their statuses come first; and a watch may miss a change. */
const SETTLE_WITHIN_MS = 1000

/** Waits until the edit is served, then until its status says so: edits do not overlap. */
const follow = async ({ probes, counter }: OneByOneDeps, edit: Edit): Promise<ServedEdit> => {
  // Before that no replica can serve it, and asking would slow the chain down.
  await Promise.race([counter.written(edit.name, edit.generation), delay(SETTLE_WITHIN_MS)])
  const seen = await Promise.all(probes.map((probe) => probe.untilServed(edit.name, edit.mark)))
  await Promise.race([counter.settled(edit.name, edit.generation), delay(SETTLE_WITHIN_MS)])
  return { ...edit, served: Math.max(...seen) }
}

const latencies = (edits: readonly ServedEdit[]): Summary =>
  summarize(edits.map(({ answered, served }) => Math.max(0, served - answered)))

/** Creates so many routes and changes as many, one after the other. */
const edit = async (deps: OneByOneDeps, names: readonly string[]): Promise<ServedEdit[]> => {
  const { routes, existing } = deps
  const done: ServedEdit[] = []
  for (const [index, name] of names.entries()) {
    done.push(await follow(deps, await routes.create(name, name)))
    // Spread over all that exist.
    const known = existing[Math.floor((index * existing.length) / names.length)]
    if (known) done.push(await follow(deps, await routes.change(known, name)))
  }
  return done
}

/** Measures so many creates and as many changes, after some that warm everything up. */
export const editOneByOne = async (deps: OneByOneDeps, edits: number): Promise<OneByOneResult> => {
  const { routes, probes, counter, existing } = deps
  const toNames = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}-${existing.length}-${i}`)
  const warmUp = toNames('warm', WARM_UP_EDITS)
  const names = toNames('one', edits)
  await edit(deps, warmUp)
  await counter.quiet(QUIET_MS)
  counter.reset()
  const done = await edit(deps, names)
  const timelines = (await Promise.all(probes.map((probe) => probe.timelines()))).flat()
  await counter.quiet(QUIET_MS)
  const counts = counter.reset()
  await routes.deleteMany([...warmUp, ...names], DELETERS)
  const perEdit = (count: number) => count / done.length
  const stamped = toStamped(done, timelines)
  return {
    create: latencies(done.filter(({ verb }) => verb === 'create')),
    change: latencies(done.filter(({ verb }) => verb === 'change')),
    all: latencies(done),
    live: summarize(stamped.map(({ answered, live }) => Math.max(0, live - answered))),
    stages: summarizeStages(stamped),
    fragmentWritesPerEdit: perEdit(counts.fragmentWrites),
    bytesPerEdit: perEdit(counts.fragmentBytes),
    statusWritesPerEdit: perEdit(
      [...counts.statusWrites.values()].reduce((sum, count) => sum + count, 0),
    ),
  }
}
