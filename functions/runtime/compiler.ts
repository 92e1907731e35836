import type { Compiled } from '#config/compiled/events.ts'
import {
  type Fragment,
  type ObjectKey,
  type Timeline,
  toKeyString,
} from '#config/compiled/fragment.ts'
import { createCoalescer } from '#lib/coalesce.ts'
import { forEachLimited } from '#lib/for-each.ts'
import { type ComparisonOptions, createComparison } from './comparison.ts'
import { createFragmentBuilder } from './fragment-builder.ts'
import type { ObjectHint, SeenVersion } from './object-hint.ts'
import { createObjectReader } from './object-reader.ts'

export interface CompilerOptions<F extends Fragment> extends ComparisonOptions<F> {
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
  const comparison = createComparison(options)
  /** Generation last reconciled, by object: spares the read that an event is only an echo of. */
  const done = new Map<string, { uid: string; generation: number }>()
  /** The latest event of each object that waits to be reconciled. */
  const waiting = new Map<
    string,
    { seen: SeenVersion | undefined; timeline: Timeline | undefined }
  >()
  const readObject = createObjectReader(client, type)

  /** @returns undefined when the object moved on meanwhile, and `[]` when it is gone. */
  const attempt = async (
    key: ObjectKey,
    timeline: Timeline | undefined,
    seen: SeenVersion | undefined,
  ): Promise<Compiled[] | undefined> => {
    const keyString = toKeyString(key)
    const object = await readObject(key, seen)
    if (!object || object.metadata.deletionTimestamp) {
      done.delete(keyString)
      return (await store.remove(key)) === 'moved' ? undefined : []
    }
    const compiled = await build(object, { ...timeline, read: Date.now() })
    if (!compiled) return undefined
    const { uid, generation } = compiled.version
    done.set(keyString, { uid, generation })
    return [compiled]
  }

  /** What to expect of the object after two events, in whatever order they came. */
  const newer = (
    before: { seen: SeenVersion | undefined } | undefined,
    { seen }: ObjectHint,
  ): SeenVersion | undefined => {
    if (!before) return seen
    // A deletion, or another object of that name: only the object itself can tell.
    if (before.seen?.uid !== seen?.uid) return undefined
    return before.seen && seen && before.seen.generation > seen.generation ? before.seen : seen
  }

  const reconcileKey = createCoalescer(async (keyString: string): Promise<Compiled[]> => {
    const [, namespace = '', name = ''] = keyString.split('/')
    // Taken at once: what comes from now on is of an event that the next run is for.
    const { timeline, seen } = waiting.get(keyString) ?? {}
    waiting.delete(keyString)
    // What another object of that name left behind calls for certainty.
    const last = done.get(keyString)
    let hint = last && last.uid !== seen?.uid ? undefined : seen
    for (let left = ATTEMPTS; left > 0; left -= 1) {
      const compiled = await attempt({ kind, namespace, name }, timeline, hint)
      if (compiled) return compiled
      hint = undefined
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
    waiting.set(keyString, { seen: newer(waiting.get(keyString), hint), timeline })
    return reconcileKey(keyString)
  }

  const resync: Compiler['resync'] = async () => {
    const results: Compiled[] = []
    let failures = 0
    await forEachLimited(await comparison.findDiffering(), CONCURRENCY, async (key) => {
      const compiled = reconcileKey(toKeyString(key)).catch((error: unknown) => {
        failures += 1
        onError(key, error)
        return []
      })
      results.push(...(await compiled))
    })
    if (failures === 0) comparison.confirm()
    return results
  }

  return { reconcile, resync }
}
