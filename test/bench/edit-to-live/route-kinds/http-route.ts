import type { Condition } from '#config/kinds/common.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { MARK_HEADER, type RouteKind, toPathOf } from './route-kind.ts'

export const GATEWAY_API = 'gateway.networking.k8s.io'

type HttpRoute = KubeObject & { status?: { parents?: { conditions?: Condition[] }[] } }

const toRules = (name: string, mark: string) => [
  {
    matches: [{ path: { type: 'Exact', value: toPathOf(name) } }],
    filters: [
      { type: 'RequestRedirect', requestRedirect: { hostname: 'example.com', statusCode: 302 } },
      {
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: { set: [{ name: MARK_HEADER, value: mark }] },
      },
    ],
  },
]

/**
 * The Gateway API's route of the gateway with that name. Settled once its controller has accepted
 * the generation; no gateway says in a route's status when that is served.
 */
export const createHttpRouteKind = (gateway: string): RouteKind => ({
  type: { group: GATEWAY_API, version: 'v1', kind: 'HTTPRoute', plural: 'httproutes' },
  toObject: (namespace, name, mark) => ({
    apiVersion: `${GATEWAY_API}/v1`,
    kind: 'HTTPRoute',
    metadata: { name, namespace },
    spec: { parentRefs: [{ name: gateway }], rules: toRules(name, mark) },
  }),
  toPatch: (name, mark) => ({ spec: { rules: toRules(name, mark) } }),
  isSettled: ({ metadata, status }: HttpRoute) =>
    status?.parents?.some(({ conditions }) =>
      conditions?.some(
        ({ type, status, observedGeneration }) =>
          type === 'Accepted' && status === 'True' && observedGeneration === metadata.generation,
      ),
    ) ?? false,
})
