import { createRouteIndex, type RouteIndex } from '../router/route-index.ts'
import type { AddressBook } from './address-book.ts'
import type { BuiltIn } from './built-in.ts'
import { createKindTable, type KindTable } from './kind-table.ts'
import { type LinkedRoute, linkRoute, type RouteFragment } from './linked-route.ts'

/** What a request may be for. */
type Index = RouteIndex<LinkedRoute | BuiltIn>

/** The routes that are served, and which of them a request is for. */
export interface RouteTable extends KindTable<RouteFragment, LinkedRoute> {
  readonly match: Index['match']
  /** Endpoints of the gateway's own, found by the same precedence. */
  readonly endpoints: Pick<RouteIndex<BuiltIn>, 'set' | 'delete'>
}

export const createRouteTable = (addresses: AddressBook): RouteTable => {
  const index: Index = createRouteIndex<LinkedRoute | BuiltIn>()
  const table = createKindTable<RouteFragment, LinkedRoute>({
    link: (fragment, before) => linkRoute(fragment, addresses, before),
    onSet(key, value) {
      const { namespace, name, createdAt, spec } = value.fragment
      const { hostnames, matches } = spec
      index.set({ key, namespace, name, createdAt, hostnames, matches, value })
    },
    onDelete: index.delete,
  })
  const endpoints = { set: index.set, delete: index.delete }
  return Object.assign(table, { match: index.match, endpoints })
}
