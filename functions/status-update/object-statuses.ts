import type { Compiled } from '#config/compiled/events.ts'
import { type ObjectKey, toKeyString } from '#config/compiled/fragment.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { isConflict, isNotFound } from '#lib/kube/error.ts'
import type { ResourceType } from '#lib/kube/types.ts'
import { type Knowledge, type StatusObject, toStatus, toVerdicts } from './conditions.ts'
import type { EventRecorder } from './event-recorder.ts'
import type { ReplicaTable } from './replica-table.ts'
import { createStatusWriter } from './status-writer.ts'

export interface ObjectStatusesOptions {
  readonly client: KubeClient
  readonly types: readonly ResourceType[]
  readonly replicas: ReplicaTable
  readonly recorder: EventRecorder
}

/** What is known of each object, and its status written accordingly. */
export interface ObjectStatuses {
  /** Takes a compile function's word. @returns whether it is news. */
  hear(compiled: Compiled): boolean
  /** Objects whose newest generation is not yet served everywhere. */
  readonly pending: ReadonlySet<string>
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
  const { client, replicas } = options
  const types = new Map(options.types.map((type) => [type.kind, type]))
  const verdicts = new Map<string, Compiled>()
  const pending = new Set<string>()
  const write = createStatusWriter(client, options.recorder)

  const knowledgeOf = (keyString: string): Knowledge => ({
    compiled: verdicts.get(keyString),
    replicas: replicas.served(toKey(keyString)),
  })

  const note = (keyString: string, object: StatusObject): void => {
    const verdicts = toVerdicts(object, knowledgeOf(keyString))
    const reason = verdicts.find(({ type }) => type === 'Programmed')?.reason
    if (reason === 'Pending' || reason === 'NoReplicas') pending.add(keyString)
    else pending.delete(keyString)
  }

  return {
    pending,
    hear(compiled) {
      const keyString = toKeyString(compiled.version)
      const before = verdicts.get(keyString)?.version
      const { uid, generation } = compiled.version
      if (before?.uid === uid && before.generation > generation) return false
      verdicts.set(keyString, compiled)
      if (compiled.verdict.status === 'True') pending.add(keyString)
      return true
    },
    async update(keyString) {
      const key = toKey(keyString)
      const type = types.get(key.kind)
      const object = type && (await client.get<StatusObject>(type, key))
      if (!object) {
        verdicts.delete(keyString)
        pending.delete(keyString)
        return true
      }
      note(keyString, object)
      try {
        await write(type, object, knowledgeOf(keyString))
        return true
      } catch (error) {
        if (!(isConflict(error) || isNotFound(error))) throw error
        return false
      }
    },
    async stale() {
      const found: string[] = []
      for (const type of types.values()) {
        const { items } = await client.list<StatusObject>(type)
        for (const object of items) {
          const { namespace = '', name } = object.metadata
          const keyString = toKeyString({ kind: type.kind, namespace, name })
          if (toStatus(object, toVerdicts(object, knowledgeOf(keyString)), ''))
            found.push(keyString)
        }
      }
      return found
    },
  }
}
