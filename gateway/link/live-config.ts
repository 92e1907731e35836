import type { Problem, Served } from '#config/compiled/events.ts'
import {
  type Fragment,
  type ObjectKey,
  type ObjectVersion,
  type Timeline,
  toKeyString,
} from '#config/compiled/fragment.ts'
import { createRouteIndex, type RouteIndex } from '../router/route-index.ts'
import type { AddressBook } from './address-book.ts'
import { type LinkedRoute, linkRoute } from './linked-route.ts'

export interface LiveConfigOptions {
  readonly addresses: AddressBook
  /**
   * What is now served of an object that changed, or why its change is not; `timeline` is that of
   * the edit which led to it, if one did.
   */
  onChange(served: Served, timeline?: Timeline): void
}

/**
 * All that this replica serves. An object is changed between two requests, as a whole; a request
 * keeps the linked route that it matched. What cannot be linked leaves what was there in place.
 */
export interface LiveConfig {
  readonly routes: Pick<RouteIndex<LinkedRoute>, 'match' | 'size'>
  /** Serves the fragment, unless a newer generation of the same object is served. */
  apply(fragment: Fragment, timeline?: Timeline): void
  /** Says that this generation of an object is not served, and why. */
  reject(version: ObjectVersion, problem: Problem): void
  remove(key: ObjectKey): void
  /** Resolves anew what names this Service. */
  relink(serviceKey: string): void
  get(keyString: string): LinkedRoute | undefined
  keys(): Iterable<string>
  served(): Served[]
}

/** An object's newest generation that is not served, and why. */
interface Rejection {
  readonly version: ObjectVersion
  readonly problem: Problem
}

const toServed = (route: LinkedRoute | undefined, rejection: Rejection | undefined): Served[] => {
  // Of an object none of whose generations was ever served, 0 is.
  if (rejection && route?.fragment.uid !== rejection.version.uid) {
    const { kind, namespace, name, uid } = rejection.version
    const problems = [rejection.problem]
    return [{ kind, namespace, name, uid, generation: 0, hash: '', problems }]
  }
  if (!route) return []
  const { kind, namespace, name, uid, generation, hash } = route.fragment
  const problems = [...route.problems, ...(rejection ? [rejection.problem] : [])]
  return [{ kind, namespace, name, uid, generation, hash, problems }]
}

const isSameFragment = (before: Fragment | undefined, after: Fragment): boolean =>
  before?.uid === after.uid && before.generation === after.generation && before.hash === after.hash

const isOlder = (after: Fragment, before: Fragment | undefined): boolean =>
  before?.uid === after.uid && before.generation > after.generation

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const createLiveConfig = ({ addresses, onChange }: LiveConfigOptions): LiveConfig => {
  const index = createRouteIndex<LinkedRoute>()
  const routes = new Map<string, LinkedRoute>()
  const rejections = new Map<string, Rejection>()
  const dependents = new Map<string, Set<string>>()

  const unlink = (key: string): void => {
    for (const serviceKey of routes.get(key)?.serviceKeys ?? []) {
      const keys = dependents.get(serviceKey)
      keys?.delete(key)
      if (keys?.size === 0) dependents.delete(serviceKey)
    }
    routes.delete(key)
  }

  const serve = (key: string, route: LinkedRoute): void => {
    const { namespace, name, createdAt, spec } = route.fragment
    const { hostnames, matches } = spec
    index.set({ key, namespace, name, createdAt, hostnames, matches, value: route })
    unlink(key)
    routes.set(key, route)
    for (const serviceKey of route.serviceKeys) {
      const keys = dependents.get(serviceKey) ?? new Set()
      dependents.set(serviceKey, keys.add(key))
    }
  }

  const describe = (key: string): Served[] => toServed(routes.get(key), rejections.get(key))
  const tell = (key: string, timeline?: Timeline): void => {
    for (const served of describe(key)) onChange(served, timeline)
  }

  const reject = (version: ObjectVersion, problem: Problem): void => {
    const key = toKeyString(version)
    const { kind, namespace, name, uid, generation } = version
    const rejection = { version: { kind, namespace, name, uid, generation }, problem }
    if (isSameJson(rejections.get(key), rejection)) return
    rejections.set(key, rejection)
    tell(key)
  }

  return {
    routes: index,
    apply(fragment, timeline) {
      const key = toKeyString(fragment)
      const before = routes.get(key)
      if (isOlder(fragment, before?.fragment)) return
      // A list read again brings everything again.
      if (isSameFragment(before?.fragment, fragment) && !rejections.has(key)) return
      try {
        const route = linkRoute(fragment, addresses, before)
        serve(key, route)
        rejections.delete(key)
        tell(key, timeline)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        reject(fragment, { reason: 'NotLinked', message })
      }
    },
    reject,
    remove(objectKey) {
      const key = toKeyString(objectKey)
      index.delete(key)
      unlink(key)
      rejections.delete(key)
    },
    relink(serviceKey) {
      for (const key of [...(dependents.get(serviceKey) ?? [])]) {
        const before = routes.get(key)
        if (!before) continue
        const route = linkRoute(before.fragment, addresses, before)
        serve(key, route)
        const isTold = isSameJson(before.problems, route.problems)
        if (!isTold) tell(key)
      }
    },
    get: (key) => routes.get(key),
    keys: () => routes.keys(),
    served: () => [...new Set([...routes.keys(), ...rejections.keys()])].flatMap(describe),
  }
}
