import type { Compiled, Programmed } from '#config/compiled/events.ts'
import { type ObjectVersion, toKeyString } from '#config/compiled/fragment.ts'
import { createCoalescer } from '#lib/coalesce.ts'
import { forEachLimited } from '#lib/for-each.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { createWorkQueue } from '#lib/work-queue.ts'
import { createEventRecorder } from './event-recorder.ts'
import { createObjectStatuses, type ObjectStatusesOptions } from './object-statuses.ts'
import { createPendingObjects } from './pending-objects.ts'
import { fetchConfig } from './replica-client.ts'
import { createReplicaTable, type Replica } from './replica-table.ts'

export interface StatusKeeperOptions
  extends Omit<ObjectStatusesOptions, 'replicas' | 'recorder' | 'pending'> {
  readonly log: Log
  /** Who this function is at the replicas' admin listeners. */
  token(): string
}

/** Keeps the status of every object true to what the functions and the replicas say. */
export interface StatusKeeper {
  compiled(objects: readonly Compiled[]): void
  programmed(report: Programmed): void
  setReplicas(replicas: readonly Replica[]): void
  /** Asks every replica, as far as it answers, and looks at every object. */
  resync(): Promise<void>
  stop(): Promise<void>
}

/** A replica's word mostly follows within this time; then one write says it all. */
const SETTLE_MS = 60
/** How long a replica may take to speak of an edit before it is asked. */
const ASK_AFTER_MS = 2000
const LOOK_EVERY_MS = 500
const ASKED_AT_ONCE = 8
/** Few: in a burst, edits come first, and their statuses when the API server has time. */
const CONCURRENCY = 4

export const createStatusKeeper = (options: StatusKeeperOptions): StatusKeeper => {
  const { client, log } = options
  const recorder = createEventRecorder(client, log)
  const replicas = createReplicaTable()
  const pending = createPendingObjects(ASK_AFTER_MS, () => performance.now())
  const statuses = createObjectStatuses({ ...options, replicas, recorder, pending })

  const queue = createWorkQueue({
    limit: CONCURRENCY,
    async work(key) {
      if (!(await statuses.update(key))) queue.add(key)
    },
    onError: (key, error) => log.warn({ err: error, key }, 'status not written'),
  })

  /** Whether what the replicas say of the object has a place in its status. */
  const isToldOf = (version: ObjectVersion): boolean =>
    replicas.lacking(version).length === 0 ||
    replicas.served(version).some((served) => served?.problems.length)

  const abort = new AbortController()
  const ask = async (name: string): Promise<void> => {
    const replica = replicas.ready.find((entry) => entry.name === name)
    if (!replica) return
    replicas.report(await fetchConfig(replica, options.token(), abort.signal), true)
    for (const version of pending.versions()) if (isToldOf(version)) queue.add(toKeyString(version))
  }
  const onSilent = (name: string, error: unknown): void => {
    if (!abort.signal.aborted) log.warn({ err: error, replica: name }, 'replica not asked')
  }
  const asking = createWorkQueue({ limit: ASKED_AT_ONCE, work: ask, onError: onSilent })

  // One that takes longer than the Broker waits must not be joined by its own repetition.
  const resync = createCoalescer(async () => {
    // A replica that does not answer must not keep the objects from being looked at.
    await forEachLimited(replicas.ready, ASKED_AT_ONCE, ({ name }) =>
      ask(name).catch((error: unknown) => {
        onSilent(name, error)
        asking.add(name, ASK_AFTER_MS)
      }),
    )
    for (const key of await statuses.stale()) queue.add(key)
  })

  const askAgain = setInterval(() => {
    const lacking = pending.overdue(performance.now()).flatMap(replicas.lacking)
    for (const { name } of lacking) asking.add(name)
  }, LOOK_EVERY_MS)

  return {
    compiled(objects) {
      for (const compiled of objects) {
        if (!statuses.hear(compiled)) continue
        const now =
          compiled.verdict.status === 'False' || replicas.lacking(compiled.version).length === 0
        queue.add(toKeyString(compiled.version), now ? 0 : SETTLE_MS)
      }
    },
    programmed(report) {
      if (!(report.objects && replicas.report(report, false))) {
        asking.add(report.replica)
        return
      }
      for (const version of report.objects) {
        if (isToldOf(version)) queue.add(toKeyString(version))
      }
    },
    setReplicas(ready) {
      if (!replicas.setReady(ready)) return
      for (const replica of replicas.unknown()) asking.add(replica.name)
      for (const version of pending.versions()) queue.add(toKeyString(version))
    },
    resync: () => resync('all'),
    async stop() {
      clearInterval(askAgain)
      abort.abort()
      recorder.stop()
      await Promise.all([asking.stop(), queue.stop()])
    },
  }
}
