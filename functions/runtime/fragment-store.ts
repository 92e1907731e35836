import {
  encodeFragment,
  type Fragment,
  type FragmentConfigMap,
  fragmentName,
  fragmentSelector,
  type ObjectKey,
  type Timeline,
} from '#config/compiled/fragment.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { isAlreadyExists, isConflict, isNotFound } from '#lib/kube/error.ts'
import { configMaps, type KubeList } from '#lib/kube/types.ts'
import type { ManagedConfigMap } from './foreign-edit.ts'
import { createKnownFragments, type Stored } from './known-fragments.ts'

/** `moved`: somebody else wrote in between; read the object again and decide anew. */
export type PutResult = 'written' | 'unchanged' | 'moved'

/** The ConfigMaps that hold the fragments, one each, with optimistic concurrency. */
export interface FragmentStore {
  find(key: ObjectKey): Promise<Stored | undefined>
  /** Never replaces a newer generation. @throws RangeError when the fragment is too large. */
  put(fragment: Fragment, timeline: Timeline): Promise<PutResult>
  /** Deletes what is stored for an object, if anything. */
  remove(key: ObjectKey): Promise<'removed' | 'absent' | 'moved'>
  /** All that is stored for a kind, and the names of what no longer says for which object. */
  list(kind: string): Promise<{ stored: Stored[]; unreadable: string[] }>
  /** Deletes a ConfigMap that `list` called unreadable. */
  removeUnreadable(name: string): Promise<void>
}

const isMoved = (error: unknown): boolean =>
  isConflict(error) || isNotFound(error) || isAlreadyExists(error)

/** What has the name of a fragment but no longer says which. */
const toUnreadable = (key: ObjectKey, { metadata }: FragmentConfigMap): Stored => {
  const { resourceVersion = '' } = metadata
  return { ...key, uid: '', generation: 0, hash: '', resourceVersion, foreign: true }
}

/** Whether what is stored is older than the fragment, the same, or has moved beyond it. */
const compare = (before: Stored | undefined, fragment: Fragment) => {
  if (before?.uid !== fragment.uid || before.foreign) return 'older'
  if (before.generation < fragment.generation) return 'older'
  if (before.generation > fragment.generation) return 'moved'
  return before.hash === fragment.hash ? 'unchanged' : 'older'
}

export const createFragmentStore = (client: KubeClient, namespace: string): FragmentStore => {
  const known = createKnownFragments()

  const find = async (key: ObjectKey): Promise<Stored | undefined> => {
    const name = fragmentName(key)
    const cached = known.get(name)
    if (cached) return cached
    const found = await client.get<ManagedConfigMap>(configMaps, { namespace, name })
    if (!found) return undefined
    return known.remember(found) ?? known.set(name, toUnreadable(key, found))
  }

  const write = async (configMap: FragmentConfigMap, before: Stored | undefined) => {
    if (!before) return client.create(configMaps, configMap)
    const { resourceVersion } = before
    const metadata = { ...configMap.metadata, resourceVersion }
    return client.replace(configMaps, { ...configMap, metadata })
  }

  return {
    find,
    async put(fragment, timeline) {
      const configMap = encodeFragment(fragment, namespace, timeline)
      const { name } = configMap.metadata
      let before = known.get(name)
      // A first generation has most likely never been stored: try without a look.
      if (!before && fragment.generation > 1) {
        before = await find(fragment)
        // Seen only after the object was read: it may be of a newer object of that name.
        if (before && before.uid !== fragment.uid) return 'moved'
      }
      const order = compare(before, fragment)
      if (order !== 'older') return order
      try {
        known.rememberOwn(await write(configMap, before))
        return 'written'
      } catch (error) {
        known.delete(name)
        if (!isMoved(error)) throw error
        await find(fragment)
        return 'moved'
      }
    },
    async remove(key) {
      const name = fragmentName(key)
      const before = known.get(name)
      // Seen only after the object was missed: it may be of a newer object of that name.
      if (!before) return (await find(key)) ? 'moved' : 'absent'
      known.delete(name)
      try {
        await client.delete(configMaps, { namespace, name }, before.resourceVersion)
        return 'removed'
      } catch (error) {
        if (!isMoved(error)) throw error
        return 'moved'
      }
    },
    async list(kind) {
      const labelSelector = fragmentSelector(kind)
      const options = { namespace, labelSelector, metadataOnly: true }
      const { items }: KubeList<ManagedConfigMap> = await client.list(configMaps, options)
      const stored = items.flatMap((item) => known.remember(item) ?? [])
      const readable = new Set(stored.map(fragmentName))
      known.forgetOthers(kind, readable)
      const names = items.map(({ metadata }) => metadata.name)
      return { stored, unreadable: names.filter((name) => !readable.has(name)) }
    },
    async removeUnreadable(name) {
      known.delete(name)
      await client.delete(configMaps, { namespace, name })
    },
  }
}
