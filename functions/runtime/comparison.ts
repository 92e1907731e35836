import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Fragment,
  fragmentName,
  hashSpec,
  type ObjectKey,
  toKeyString,
} from '#config/compiled/fragment.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { KubeObject, ResourceType } from '#lib/kube/types.ts'
import type { BuilderOptions } from './fragment-builder.ts'
import type { Stored } from './fragment-store.ts'

export interface ComparisonOptions<F extends Fragment> extends BuilderOptions<F> {
  readonly client: KubeClient
  readonly type: ResourceType
}

/** Objects compared before others get their turn. */
const COMPARED_AT_ONCE = 200

/**
 * Compares all objects with all fragments; yields the objects to compile and those that are gone.
 * The first time contents are compared: another version of the function may have written them.
 * Later the versions say enough, and nothing but metadata is read.
 */
export const createComparison = <F extends Fragment>(options: ComparisonOptions<F>) => {
  const { client, store, type, kind, compile } = options
  let areContentsKnown = false

  const isCurrent = (object: KubeObject, stored: Stored | undefined): boolean => {
    const { uid, generation } = object.metadata
    if (stored?.uid !== uid || stored?.generation !== generation || stored?.foreign) return false
    if (areContentsKnown) return true
    const result = compile(object)
    return result.ok && hashSpec(result.spec) === stored?.hash
  }

  return async (): Promise<ObjectKey[]> => {
    // Fragments first: one whose object is missing from the later list has truly lost it.
    const listed = await store.list(kind)
    const stored = new Map(listed.stored.map((entry) => [toKeyString(entry), entry]))
    const { items } = await client.list(type, { metadataOnly: areContentsKnown })
    const differing: ObjectKey[] = []
    for (const [index, object] of items.entries()) {
      const { namespace = '', name } = object.metadata
      const key = { kind, namespace, name }
      if (!isCurrent(object, stored.get(toKeyString(key)))) differing.push(key)
      stored.delete(toKeyString(key))
      if (index % COMPARED_AT_ONCE === 0) await nextTurn()
    }
    areContentsKnown = true
    // What no longer says whose it is, and is not about to be rewritten, has lost its object.
    const rewritten = new Set(differing.map(fragmentName))
    const lost = listed.unreadable.filter((name) => !rewritten.has(name))
    await Promise.all(lost.map(store.removeUnreadable))
    return [...differing, ...stored.values()]
  }
}
