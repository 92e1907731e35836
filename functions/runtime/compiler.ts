import type { Compiled } from '#config/compiled/events.ts'
import {
  type Fragment,
  type ObjectKey,
  type Timeline,
  toKeyString,
} from '#config/compiled/fragment.ts'
import { createCoalescer } from '#lib/coalesce.ts'
import { forEachLimited } from '#lib/for-each.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { ResourceType } from '#lib/kube/types.ts'
import { type BuilderOptions, createFragmentBuilder } from './fragment-builder.ts'
import type { ObjectHint } from './object-hint.ts'

export interface CompilerOptions<F extends Fragment> extends BuilderOptions<F> {
  readonly client: KubeClient
  readonly type: ResourceType
  /** One object of a resync failed; the others went on, and the next resync tries it again. */
  onError(key: ObjectKey, error: unknown): void
}

/** Keeps the fragments of one kind equal to its objects. */
export interface Compiler {
  /** Reads the object again and stores what it compiles to; no more if the hint is old news. */
  reconcile(hint: ObjectHint, timeline?: Timeline): Promise<Compiled[]>
  /** Compiles what differs and removes what has lost its object. */
  resync(): Promise<Compiled[]>
}

const ATTEMPTS = 8
const CONCURRENCY = 8

export const createCompiler = <F extends Fragment>(options: CompilerOptions<F>): Compiler => {
  const { client, store, type, kind, onError } = options
  const build = createFragmentBuilder(options)
  /** Generation last reconciled, by object: spares the read that an event is only an echo of. */
  const done = new Map<string, { uid: string; generation: number }>()
  const timelines = new Map<string, Timeline>()

  /** @returns undefined when the object moved on meanwhile, and `[]` when it is gone. */
  const attempt = async (keyString: string, key: ObjectKey): Promise<Compiled[] | undefined> => {
    const object = await client.get(type, key)
    if (!object || object.metadata.deletionTimestamp) {
      done.delete(keyString)
      return (await store.remove(key)) === 'moved' ? undefined : []
    }
    const timeline = { ...timelines.get(keyString), read: Date.now() }
    const compiled = await build(object, timeline)
    if (!compiled) return undefined
    const { uid, generation } = compiled.version
    done.set(keyString, { uid, generation })
    return [compiled]
  }

  const reconcileKey = createCoalescer(async (keyString: string): Promise<Compiled[]> => {
    const [, namespace = '', name = ''] = keyString.split('/')
    for (let left = ATTEMPTS; left > 0; left -= 1) {
      const compiled = await attempt(keyString, { kind, namespace, name })
      if (compiled) {
        timelines.delete(keyString)
        return compiled
      }
    }
    throw new Error(`${keyString}: still contended after ${ATTEMPTS} attempts`)
  })

  const isOldNews = (keyString: string, seen: ObjectHint['seen']): boolean => {
    const last = done.get(keyString)
    return seen !== undefined && last?.uid === seen.uid && last.generation >= seen.generation
  }

  const reconcile: Compiler['reconcile'] = async (hint, timeline) => {
    const keyString = toKeyString({ ...hint, kind })
    if (isOldNews(keyString, hint.seen)) return []
    if (timeline) timelines.set(keyString, timeline)
    return reconcileKey(keyString)
  }

  const resync: Compiler['resync'] = async () => {
    // Fragments first: one whose object is missing from the later list has truly lost it.
    const stored = new Map((await store.list(kind)).map((entry) => [toKeyString(entry), entry]))
    const { items } = await client.list(type, { metadataOnly: true })
    const differing: ObjectKey[] = []
    for (const { metadata } of items) {
      const key = { kind, namespace: metadata.namespace ?? '', name: metadata.name }
      const entry = stored.get(toKeyString(key))
      stored.delete(toKeyString(key))
      const same = entry?.uid === metadata.uid && entry?.generation === metadata.generation
      if (!same || entry?.foreign) differing.push(key)
    }
    const results: Compiled[] = []
    await forEachLimited([...differing, ...stored.values()], CONCURRENCY, async (key) => {
      const compiled = reconcileKey(toKeyString(key)).catch((error: unknown) => {
        onError(key, error)
        return []
      })
      results.push(...(await compiled))
    })
    return results
  }

  return { reconcile, resync }
}
