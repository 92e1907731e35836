import type { Compiled } from '#config/compiled/events.ts'
import { type ObjectKey, toKeyString } from '#config/compiled/fragment.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { isConflict, isNotFound } from '#lib/kube/error.ts'
import type { ResourceType } from '#lib/kube/types.ts'
import { type Knowledge, type StatusObject, toVerdicts } from './conditions.ts'
import type { EventRecorder } from './event-recorder.ts'
import type { PendingObjects } from './pending-objects.ts'
import type { ReplicaTable } from './replica-table.ts'
import { createStatusWriter } from './status-writer.ts'
import { toStatus } from './to-status.ts'

export interface ObjectStatusesOptions {
  readonly client: KubeClient
  readonly types: readonly ResourceType[]
  readonly replicas: ReplicaTable
  readonly recorder: EventRecorder
  /** Kept up to date here. */
  readonly pending: PendingObjects
}

/** What is known of each object, and its status written accordingly. */
export interface ObjectStatuses {
  /** Takes a compile function's word. @returns whether the status may change by it. */
  hear(compiled: Compiled): boolean
  /** Reads the object and writes its status if that changes. @returns false to be called again. */
  update(keyString: string): Promise<boolean>
  /** Objects whose status is not what it should be. */
  stale(): Promise<string[]>
}

/** The object that `toKeyString` names so. */
const toKey = (keyString: string): ObjectKey => {
  const [kind = '', namespace = '', name = ''] = keyString.split('/')
  return { kind, namespace, name }
}

export const createObjectStatuses = (options: ObjectStatusesOptions): ObjectStatuses => {
  const { client, replicas, pending } = options
  const types = new Map(options.types.map((type) => [type.kind, type]))
  const verdicts = new Map<string, Compiled>()
  const write = createStatusWriter(client, options.recorder)

  const knowledgeOf = (keyString: string): Knowledge => ({
    compiled: verdicts.get(keyString),
    replicas: replicas.served(toKey(keyString)),
  })

  const note = (key: ObjectKey, object: StatusObject): void => {
    const keyString = toKeyString(key)
    const { uid = '', generation = 0 } = object.metadata
    const version = { ...key, uid, generation }
    const verdicts = toVerdicts(object, knowledgeOf(keyString))
    const reason = verdicts.find(({ type }) => type === 'Programmed')?.reason
    if (reason === 'Programmed') pending.settle(version)
    else if (reason === 'Pending' || reason === 'NoReplicas') pending.add(version)
    else pending.delete(keyString)
  }

  const forget = (keyString: string): void => {
    verdicts.delete(keyString)
    pending.delete(keyString)
  }

  /** Forgets what was heard of objects that are gone. */
  const prune = (heard: ReadonlySet<string>, existing: ReadonlySet<string>): void => {
    for (const keyString of heard) if (!existing.has(keyString)) forget(keyString)
  }

  return {
    hear(compiled) {
      const keyString = toKeyString(compiled.version)
      const before = verdicts.get(keyString)?.version
      const { uid, generation } = compiled.version
      if (before?.uid === uid && before.generation > generation) return false
      verdicts.set(keyString, compiled)
      if (compiled.verdict.status !== 'True') return true
      // The replicas may be heard before the compile function, and then all is said.
      if (pending.isSettled(compiled.version)) return false
      pending.add(compiled.version)
      return true
    },
    async update(keyString) {
      const key = toKey(keyString)
      const type = types.get(key.kind)
      const object = type && (await client.get<StatusObject>(type, key))
      if (!object) {
        forget(keyString)
        return true
      }
      note(key, object)
      try {
        await write(type, object, knowledgeOf(keyString))
        return true
      } catch (error) {
        if (!(isConflict(error) || isNotFound(error))) throw error
        return false
      }
    },
    async stale() {
      const heard = new Set([...verdicts.keys(), ...Array.from(pending.versions(), toKeyString)])
      const existing = new Set<string>()
      const found: string[] = []
      for (const type of types.values()) {
        await client.list<StatusObject, void>(type, {}, (object) => {
          const { namespace = '', name } = object.metadata
          const keyString = toKeyString({ kind: type.kind, namespace, name })
          existing.add(keyString)
          const verdicts = toVerdicts(object, knowledgeOf(keyString))
          if (toStatus(object, verdicts, '')) found.push(keyString)
        })
      }
      prune(heard, existing)
      return found
    },
  }
}
