import type { RouteEntry } from '../router/candidate.ts'
import { createRouteIndex, type RouteIndex } from '../router/route-index.ts'
import type { AddressBook } from './address-book.ts'
import type { BuiltIn } from './built-in.ts'
import { createKindTable, type KindTable } from './kind-table.ts'
import { type LinkedRoute, linkRoute, type RouteFragment } from './linked-route.ts'

/** The routes that are served, and which of them a request is for. */
export interface RouteTable extends KindTable<RouteFragment, LinkedRoute> {
  readonly match: RouteIndex<LinkedRoute | BuiltIn>['match']
}

/** @param builtIns endpoints of the gateway's own, which are always there */
export const createRouteTable = (
  addresses: AddressBook,
  builtIns: readonly RouteEntry<BuiltIn>[] = [],
): RouteTable => {
  const index = createRouteIndex<LinkedRoute | BuiltIn>()
  for (const entry of builtIns) index.set(entry)
  const table = createKindTable<RouteFragment, LinkedRoute>({
    link: (fragment, before) => linkRoute(fragment, addresses, before),
    onSet(key, value) {
      const { namespace, name, createdAt, spec } = value.fragment
      const { hostnames, matches } = spec
      index.set({ key, namespace, name, createdAt, hostnames, matches, value })
    },
    onDelete: index.delete,
  })
  return Object.assign(table, { match: index.match })
}
