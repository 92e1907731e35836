import type { Problem, Served } from '#config/compiled/events.ts'
import { type Fragment, type ObjectKey, toKeyString } from '#config/compiled/fragment.ts'
import { createRouteIndex, type RouteIndex } from '../router/route-index.ts'
import type { AddressBook } from './address-book.ts'
import { type LinkedRoute, linkRoute } from './linked-route.ts'

export interface LiveConfigOptions {
  readonly addresses: AddressBook
  /** What is now served of an object that changed, or why its change is not. */
  onChange(served: Served): void
}

/**
 * All that this replica serves. An object is changed between two requests, as a whole; a request
 * keeps the linked route that it matched. What cannot be linked leaves what was there in place.
 */
export interface LiveConfig {
  readonly routes: Pick<RouteIndex<LinkedRoute>, 'match' | 'size'>
  /** Serves the fragment, unless a newer generation of the same object is served. */
  apply(fragment: Fragment): void
  /** Says that the newest generation of an object is not served, and why. */
  reject(key: ObjectKey, problem: Problem): void
  remove(key: ObjectKey): void
  /** Resolves anew what names this Service. */
  relink(serviceKey: string): void
  get(keyString: string): LinkedRoute | undefined
  keys(): Iterable<string>
  served(): Served[]
}

const toServed = ({ fragment, problems }: LinkedRoute, extra: Problem[] = []): Served => {
  const { kind, namespace, name, uid, generation, hash } = fragment
  return { kind, namespace, name, uid, generation, hash, problems: [...problems, ...extra] }
}

const isSame = (before: Served, after: Served): boolean =>
  before.generation === after.generation &&
  before.uid === after.uid &&
  JSON.stringify(before.problems) === JSON.stringify(after.problems)

export const createLiveConfig = ({ addresses, onChange }: LiveConfigOptions): LiveConfig => {
  const index = createRouteIndex<LinkedRoute>()
  const routes = new Map<string, LinkedRoute>()
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

  const reject = (key: ObjectKey, problem: Problem): void => {
    const before = routes.get(toKeyString(key))
    if (before) onChange(toServed(before, [problem]))
  }

  return {
    routes: index,
    apply(fragment) {
      const key = toKeyString(fragment)
      const before = routes.get(key)
      const isOld =
        before?.fragment.uid === fragment.uid && before.fragment.generation > fragment.generation
      if (isOld) return
      try {
        const route = linkRoute(fragment, addresses, before)
        serve(key, route)
        onChange(toServed(route))
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
    },
    relink(serviceKey) {
      for (const key of [...(dependents.get(serviceKey) ?? [])]) {
        const before = routes.get(key)
        if (!before) continue
        const route = linkRoute(before.fragment, addresses, before)
        serve(key, route)
        if (!isSame(toServed(before), toServed(route))) onChange(toServed(route))
      }
    },
    get: (key) => routes.get(key),
    keys: () => routes.keys(),
    served: () => Array.from(routes.values(), (route) => toServed(route)),
  }
}
