import type { Compiled, Programmed } from '#config/compiled/events.ts'
import { type ObjectVersion, toKeyString } from '#config/compiled/fragment.ts'
import { forEachLimited } from '#lib/for-each.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { createWorkQueue } from '#lib/work-queue.ts'
import { createEventRecorder } from './event-recorder.ts'
import { createObjectStatuses, type ObjectStatusesOptions } from './object-statuses.ts'
import { fetchConfig } from './replica-client.ts'
import { createReplicaTable, type Replica } from './replica-table.ts'

export interface StatusKeeperOptions extends Omit<ObjectStatusesOptions, 'replicas' | 'recorder'> {
  readonly log: Log
  /** Who this function is at the replicas' admin listeners. */
  token(): string
}

/** Keeps the status of every object true to what the functions and the replicas say. */
export interface StatusKeeper {
  compiled(objects: readonly Compiled[]): void
  programmed(report: Programmed): void
  setReplicas(replicas: readonly Replica[]): void
  /** Asks every replica and looks at every object. */
  resync(): Promise<void>
  stop(): Promise<void>
}

/** A replica's word mostly follows within this time; then one write says it all. */
const SETTLE_MS = 60
/** How long a replica may take to speak of an edit before it is asked. */
const ASK_AFTER_MS = 2000
/** Few: in a burst, edits come first, and their statuses when the API server has time. */
const CONCURRENCY = 4
const ALL_REPLICAS = '*'

export const createStatusKeeper = (options: StatusKeeperOptions): StatusKeeper => {
  const { client, log } = options
  const recorder = createEventRecorder(client, log)
  const replicas = createReplicaTable()
  const statuses = createObjectStatuses({ ...options, replicas, recorder })

  const queue = createWorkQueue({
    limit: CONCURRENCY,
    async work(key) {
      if (!(await statuses.update(key))) queue.add(key)
    },
    onError: (key, error) => log.warn({ err: error, key }, 'status not written'),
  })

  const ask = async (replica: Replica): Promise<void> => {
    replicas.report(await fetchConfig(replica, options.token()), true)
    for (const key of statuses.pending) queue.add(key)
  }
  const asking = createWorkQueue({
    limit: 4,
    work: (name) =>
      forEachLimited(
        replicas.ready.filter((replica) => name === ALL_REPLICAS || replica.name === name),
        4,
        ask,
      ),
    onError: (name, error) => log.warn({ err: error, replica: name }, 'replica not asked'),
  })
  const askAgain = setInterval(() => {
    if (statuses.pending.size > 0) asking.add(ALL_REPLICAS)
  }, ASK_AFTER_MS)

  const isServedEverywhere = ({ uid, generation, ...key }: ObjectVersion): boolean =>
    replicas.served(key).every((entry) => entry?.uid === uid && entry.generation >= generation)

  return {
    compiled(objects) {
      for (const compiled of objects) {
        if (!statuses.hear(compiled)) continue
        const now = compiled.verdict.status === 'False' || isServedEverywhere(compiled.version)
        queue.add(toKeyString(compiled.version), now ? 0 : SETTLE_MS)
      }
    },
    programmed(report) {
      if (!report.objects) {
        asking.add(report.replica)
        return
      }
      replicas.report(report, false)
      for (const version of report.objects) {
        if (isServedEverywhere(version)) queue.add(toKeyString(version))
      }
    },
    setReplicas(ready) {
      if (!replicas.setReady(ready)) return
      for (const replica of replicas.unknown()) asking.add(replica.name)
      for (const key of statuses.pending) queue.add(key)
    },
    async resync() {
      await forEachLimited(replicas.ready, 4, ask)
      for (const key of await statuses.stale()) queue.add(key)
    },
    async stop() {
      clearInterval(askAgain)
      recorder.stop()
      await Promise.all([asking.stop(), queue.stop()])
    },
  }
}
