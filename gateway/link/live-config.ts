import type { Problem, Served } from '#config/compiled/events.ts'
import {
  type Fragment,
  type FragmentOf,
  type ObjectKey,
  type ObjectVersion,
  type Timeline,
  toKeyString,
} from '#config/compiled/fragment.ts'
import type { KindTable, Linked } from './kind-table.ts'

/** What serves the objects of each kind. */
export type KindTables = {
  readonly [K in Fragment['kind']]: KindTable<FragmentOf<K>, Linked<FragmentOf<K>>>
}

export interface LiveConfigOptions {
  readonly tables: KindTables
  /**
   * What is now served of an object that changed, or why its change is not; `timeline` is that of
   * the edit which led to it, if one did.
   */
  onChange(served: Served, timeline?: Timeline): void
}

/**
 * All that this replica serves. An object is changed between two requests, as a whole; a request
 * keeps the linked object that it found. What cannot be linked leaves what was there in place.
 */
export interface LiveConfig {
  /** Serves the fragment, unless a newer generation of the same object is served. */
  apply(fragment: Fragment, timeline?: Timeline): void
  /** Says that this generation of an object is not served, and why. */
  reject(version: ObjectVersion, problem: Problem): void
  remove(key: ObjectKey): void
  /** Resolves anew what names this, such as a Service. */
  relink(ref: string): void
  served(): Served[]
}

/** An object's newest generation that is not served, and why. */
interface Rejection {
  readonly version: ObjectVersion
  readonly problem: Problem
}

const toServed = (linked: Linked | undefined, rejection: Rejection | undefined): Served[] => {
  // Of an object none of whose generations was ever served, 0 is.
  if (rejection && linked?.fragment.uid !== rejection.version.uid) {
    const { kind, namespace, name, uid } = rejection.version
    const problems = [rejection.problem]
    return [{ kind, namespace, name, uid, generation: 0, hash: '', problems }]
  }
  if (!linked) return []
  const { kind, namespace, name, uid, generation, hash } = linked.fragment
  const problems = [...linked.problems, ...(rejection ? [rejection.problem] : [])]
  return [{ kind, namespace, name, uid, generation, hash, problems }]
}

const isSameFragment = (before: Fragment | undefined, after: Fragment): boolean =>
  before?.uid === after.uid && before.generation === after.generation && before.hash === after.hash

const isOlder = (after: Fragment, before: Fragment | undefined): boolean =>
  before?.uid === after.uid && before.generation > after.generation

const isSameRejection = (a: Rejection | undefined, b: Rejection): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

export const createLiveConfig = ({ tables, onChange }: LiveConfigOptions): LiveConfig => {
  const rejections = new Map<string, Rejection>()
  const all: readonly KindTable<Fragment, Linked>[] = Object.values(tables)
  /** A kind that this gateway does not know has no table. */
  const tableOf = (kind: string): KindTable<Fragment, Linked> | undefined =>
    Object.hasOwn(tables, kind) ? tables[kind as Fragment['kind']] : undefined

  const describe = (key: string): Served[] => {
    const [kind = ''] = key.split('/')
    return toServed(tableOf(kind)?.get(key), rejections.get(key))
  }
  const tell = (key: string, timeline?: Timeline): void => {
    for (const served of describe(key)) onChange(served, timeline)
  }

  const relink = (ref: string): void => {
    for (const table of all) for (const key of table.relink(ref)) tell(key)
  }

  const reject = (version: ObjectVersion, problem: Problem): void => {
    const key = toKeyString(version)
    const { kind, namespace, name, uid, generation } = version
    const rejection = { version: { kind, namespace, name, uid, generation }, problem }
    if (isSameRejection(rejections.get(key), rejection)) return
    rejections.set(key, rejection)
    tell(key)
  }

  return {
    apply(fragment, timeline) {
      const key = toKeyString(fragment)
      const table = tableOf(fragment.kind)
      const before = table?.get(key)?.fragment
      if (isOlder(fragment, before)) return
      // A list read again brings everything again.
      if (isSameFragment(before, fragment) && !rejections.has(key)) return
      try {
        table?.set(key, fragment)
        rejections.delete(key)
        tell(key, timeline)
        relink(key)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        reject(fragment, { reason: 'NotLinked', message })
      }
    },
    reject,
    remove(objectKey) {
      const key = toKeyString(objectKey)
      tableOf(objectKey.kind)?.delete(key)
      rejections.delete(key)
      relink(key)
    },
    relink,
    served() {
      const keys = all.flatMap((table) => [...table.keys()])
      return [...new Set([...keys, ...rejections.keys()])].flatMap(describe)
    },
  }
}
