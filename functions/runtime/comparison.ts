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
import type { Stored } from './known-fragments.ts'

export interface ComparisonOptions<F extends Fragment> extends BuilderOptions<F> {
  readonly client: KubeClient
  readonly type: ResourceType
}

/** Compares all objects of a kind with all its fragments. */
export interface Comparison {
  /** The objects to compile, and those that are gone. */
  findDiffering(): Promise<ObjectKey[]>
  /**
   * What differed was written. Until then contents are compared: another version of the function
   * may have written them. From then on the versions say enough, and only metadata is read.
   */
  confirm(): void
}

export const createComparison = <F extends Fragment>(options: ComparisonOptions<F>): Comparison => {
  const { client, store, type, kind, compile } = options
  let areContentsKnown = false

  const isCurrent = (object: KubeObject, stored: Stored | undefined): boolean => {
    const { uid, generation } = object.metadata
    if (stored?.uid !== uid || stored?.generation !== generation || stored?.foreign) return false
    if (areContentsKnown) return true
    const result = compile(object)
    return result.ok && hashSpec(result.spec) === stored?.hash
  }

  const findDiffering = async (): Promise<ObjectKey[]> => {
    // Fragments first: one whose object is missing from the later list has truly lost it.
    const listed = await store.list(kind)
    const stored = new Map(listed.stored.map((entry) => [toKeyString(entry), entry]))
    const differing: ObjectKey[] = []
    const compare = (object: KubeObject): void => {
      const { namespace = '', name } = object.metadata
      const key = { kind, namespace, name }
      if (!isCurrent(object, stored.get(toKeyString(key)))) differing.push(key)
      stored.delete(toKeyString(key))
    }
    await client.list(type, { metadataOnly: areContentsKnown }, compare)
    // What no longer says whose it is, and is not about to be rewritten, has lost its object.
    const rewritten = new Set(differing.map(fragmentName))
    const lost = listed.unreadable.filter((name) => !rewritten.has(name))
    await Promise.all(lost.map(store.removeUnreadable))
    return [...differing, ...stored.values()]
  }

  return {
    findDiffering,
    confirm() {
      areContentsKnown = true
    },
  }
}
