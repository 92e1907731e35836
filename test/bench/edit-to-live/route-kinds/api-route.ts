import { apiRoute } from '#config/kinds/api-route.ts'
import { API_VERSION, type Condition, toResourceType } from '#config/kinds/common.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { MARK_HEADER, type RouteKind, toPathOf } from './route-kind.ts'

const toFilters = (mark: string) => [
  { type: 'RequestRedirect', requestRedirect: { hostname: 'example.com', statusCode: 307 } },
  {
    type: 'ResponseHeaderModifier',
    responseHeaderModifier: { set: [{ name: MARK_HEADER, value: mark }] },
  },
]

/** Settled once every replica serves it: `Programmed`. */
export const apiRouteKind: RouteKind = {
  type: toResourceType(apiRoute),
  toObject: (namespace, name, mark) => ({
    apiVersion: API_VERSION,
    kind: apiRoute.kind,
    metadata: { name, namespace },
    spec: {
      matches: [{ path: { type: 'Exact', value: toPathOf(name) } }],
      filters: toFilters(mark),
    },
  }),
  toPatch: (_name, mark) => ({ spec: { filters: toFilters(mark) } }),
  isSettled({ metadata, status }: KubeObject & { status?: { conditions?: Condition[] } }) {
    const found = status?.conditions?.find(({ type }) => type === 'Programmed')
    return found?.status === 'True' && found.observedGeneration === metadata.generation
  },
}
