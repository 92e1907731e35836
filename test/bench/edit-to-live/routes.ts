import { apiRoute } from '#config/kinds/api-route.ts'
import { API_VERSION, toResourceType } from '#config/kinds/common.ts'
import { forEachLimited } from '#lib/for-each.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { now } from './clock.ts'

export const routeType = toResourceType(apiRoute)

/** Response header by which one sees which edit is served. */
export const MARK_HEADER = 'x-edit'

/** An edit that the API server has answered. */
export interface Edit {
  readonly verb: 'create' | 'change'
  readonly name: string
  readonly mark: string
  readonly generation: number
  /** When the answer was there, in epoch milliseconds. */
  readonly answered: number
}

export const toPathOf = (name: string): string => `/${name}`

/** The gateway answers for itself, so that no backend is part of the measurement. */
const toFilters = (mark: string) => [
  { type: 'RequestRedirect', requestRedirect: { hostname: 'example.com', statusCode: 307 } },
  {
    type: 'ResponseHeaderModifier',
    responseHeaderModifier: { set: [{ name: MARK_HEADER, value: mark }] },
  },
]

/** The routes of one namespace. Names are `<prefix>-<n>`. */
export interface Routes {
  create(name: string, mark: string): Promise<Edit>
  /** Changes what a route answers with. */
  change(name: string, mark: string): Promise<Edit>
  createMany(names: readonly string[], mark: string, clients: number): Promise<void>
  deleteMany(names: readonly string[], clients: number): Promise<void>
}

export const createRoutes = (client: KubeClient, namespace: string): Routes => {
  const toEdit = (verb: Edit['verb'], { metadata }: KubeObject, mark: string): Edit => {
    const { name, generation = 0 } = metadata
    return { verb, name, mark, generation, answered: now() }
  }
  const create = async (name: string, mark: string): Promise<Edit> => {
    const route = {
      apiVersion: API_VERSION,
      kind: apiRoute.kind,
      metadata: { name, namespace },
      spec: {
        matches: [{ path: { type: 'Exact', value: toPathOf(name) } }],
        filters: toFilters(mark),
      },
    }
    return toEdit('create', await client.create(routeType, route), mark)
  }
  return {
    create,
    async change(name, mark) {
      const patch = { spec: { filters: toFilters(mark) } }
      return toEdit('change', await client.patch(routeType, { namespace, name }, patch), mark)
    },
    createMany: (names, mark, clients) =>
      forEachLimited(names, clients, (name) => create(name, mark)),
    deleteMany: (names, clients) =>
      forEachLimited(names, clients, (name) => client.delete(routeType, { namespace, name })),
  }
}
