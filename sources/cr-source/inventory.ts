import { type KubeObject, type ResourceType, toApiVersion } from '#lib/kube/types.ts'
import type { Change } from './change.ts'

/** The versions last seen in one collection, so that a relist tells what changed meanwhile. */
export interface Inventory {
  /** Everything that exists. @returns what differs from before. */
  replace(objects: readonly KubeObject[]): Change[]
  put(object: KubeObject): Change[]
  remove(object: KubeObject): Change[]
}

interface Seen {
  readonly namespace: string | undefined
  readonly name: string
  readonly uid: string | undefined
  readonly resourceVersion: string | undefined
}

const toKey = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`

/** Keeps identities and versions only, not the objects. */
export const createInventory = (type: ResourceType): Inventory => {
  const seen = new Map<string, Seen>()
  const typeMeta = { apiVersion: toApiVersion(type), kind: type.kind }

  /** What is left of an object that went away unseen: who it was. */
  const toGone = ({ namespace, name, uid, resourceVersion }: Seen): Change => ({
    verb: 'delete',
    type,
    object: {
      ...typeMeta,
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
    },
  })

  const put = (listed: KubeObject): Change[] => {
    // The items of a list of built-in types say neither apiVersion nor kind.
    const object = { ...typeMeta, ...listed }
    const { namespace, name, uid, resourceVersion } = object.metadata
    const before = seen.get(toKey(object))
    if (before?.uid === uid && before?.resourceVersion === resourceVersion) return []
    seen.set(toKey(object), { namespace, name, uid, resourceVersion })
    if (before === undefined) return [{ verb: 'add', type, object }]
    if (before.uid === uid) return [{ verb: 'update', type, object }]
    return [toGone(before), { verb: 'add', type, object }]
  }

  return {
    put,
    remove(object) {
      if (!seen.delete(toKey(object))) return []
      return [{ verb: 'delete', type, object: { ...typeMeta, ...object } }]
    },
    replace(objects) {
      const present = new Set(objects.map(toKey))
      const gone: Change[] = []
      for (const [key, object] of seen) {
        if (present.has(key)) continue
        seen.delete(key)
        gone.push(toGone(object))
      }
      return [...gone, ...objects.flatMap(put)]
    },
  }
}
