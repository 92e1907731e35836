import { type Candidate, type RouteEntry, type RouteMatch, toCandidates } from './candidate.ts'
import { createHostTable } from './host-table.ts'
import { RequestProbe, type RouteRequest } from './request-probe.ts'

/**
 * Which route a request is for, by the precedence of Gateway API's HTTPRoute. Regular expressions
 * for paths, where the spec leaves the choice, come after exact paths and before prefixes.
 *
 * A search costs what the request is long and what the routes of its very host and path cost, not
 * what else is there. An update costs what its object is large, and happens between two requests.
 */
export interface RouteIndex<T> {
  /**
   * Adds the entry, or replaces the one with the same key.
   * @throws Error when a regular expression does not compile; then nothing has changed.
   */
  set(entry: RouteEntry<T>): void
  delete(key: string): void
  match(request: RouteRequest): RouteMatch<T> | undefined
  /** Number of entries. */
  readonly size: number
  entries(): Iterable<RouteEntry<T>>
}

interface Indexed<T> {
  readonly entry: RouteEntry<T>
  readonly hostnames: ReadonlySet<string | undefined>
  readonly candidates: readonly Candidate<T>[]
}

const toIndexed = <T>(entry: RouteEntry<T>): Indexed<T> => ({
  entry,
  hostnames: new Set(entry.hostnames.length === 0 ? [undefined] : entry.hostnames),
  candidates: toCandidates(entry),
})

/** An index without routes. */
export const createRouteIndex = <T>(): RouteIndex<T> => {
  const byKey = new Map<string, Indexed<T>>()
  const table = createHostTable<T>()

  const insert = ({ hostnames, candidates }: Indexed<T>): void => {
    for (const hostname of hostnames) {
      for (const candidate of candidates) table.insert(hostname, candidate)
    }
  }

  const remove = ({ hostnames, candidates }: Indexed<T>): void => {
    for (const hostname of hostnames) {
      for (const candidate of candidates) table.remove(hostname, candidate)
    }
  }

  return {
    set(entry) {
      const old = byKey.get(entry.key)
      const indexed = toIndexed(entry)
      byKey.set(entry.key, indexed)
      // In this order, what both have in common is not taken down and built again.
      insert(indexed)
      if (old !== undefined) remove(old)
    },
    delete(key) {
      const old = byKey.get(key)
      if (old === undefined) return
      byKey.delete(key)
      remove(old)
    },
    match: (request) => table.find(new RequestProbe(request))?.result,
    get size() {
      return byKey.size
    },
    *entries() {
      for (const { entry } of byKey.values()) yield entry
    },
  }
}
