import type { Compiled, Verdict } from '#config/compiled/events.ts'
import { FORMAT, type Fragment, hashSpec, type Timeline } from '#config/compiled/fragment.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import type { FragmentStore } from './fragment-store.ts'

/** What a compile function makes of an object: a fragment's spec, or why there is none. */
export type CompileResult<S> =
  | { readonly ok: true; readonly spec: S }
  | { readonly ok: false; readonly reason: string; readonly message: string }

export interface BuilderOptions<F extends Fragment> {
  readonly store: FragmentStore
  readonly kind: F['kind']
  /** Pure and deterministic to the byte. */
  compile(object: KubeObject): CompileResult<F['spec']>
}

const accepted = (status: 'True' | 'False', reason: string, message: string): Verdict => ({
  type: 'Accepted',
  status,
  reason,
  message,
})

const toVersion = <K extends Fragment['kind']>(kind: K, { metadata }: KubeObject) => {
  const { namespace = '', name, uid = '', generation = 0 } = metadata
  return { kind, namespace, name, uid, generation }
}

/**
 * Compiles one object and stores its fragment; what does not compile or fit leaves the stored one
 * in place. The function it returns yields undefined when the object moved on meanwhile.
 */
export const createFragmentBuilder = <F extends Fragment>(options: BuilderOptions<F>) => {
  const { store, kind, compile } = options

  const refuse = async (
    object: KubeObject,
    reason: string,
    message: string,
  ): Promise<Compiled | undefined> => {
    const version = toVersion(kind, object)
    const stored = await store.find(version)
    // What an object of that name had before it was deleted is no last good form of this one.
    if (stored && stored.uid !== version.uid && (await store.remove(version)) === 'moved') {
      return undefined
    }
    return {
      version,
      verdict: accepted('False', reason, message),
      ...(stored?.uid === version.uid && { servedGeneration: stored.generation }),
    }
  }

  return async (object: KubeObject, timeline: Timeline): Promise<Compiled | undefined> => {
    const result = compile(object)
    if (!result.ok) return refuse(object, result.reason, result.message)
    const version = toVersion(kind, object)
    const createdAt = object.metadata.creationTimestamp ?? ''
    const { spec } = result
    const fragment = { format: FORMAT, ...version, createdAt, hash: hashSpec(spec), spec } as F
    try {
      if ((await store.put(fragment, timeline)) === 'moved') return undefined
    } catch (error) {
      if (error instanceof RangeError) return refuse(object, 'TooLarge', error.message)
      throw error
    }
    return {
      version,
      verdict: accepted('True', 'Accepted', ''),
      servedGeneration: version.generation,
    }
  }
}
