import { randomBytes } from 'node:crypto'
import { createKubeClient, type KubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { type KubeObject, toPath } from '#lib/kube/types.ts'
import { namespaces } from '#test/fixtures/core-types.ts'
import { until } from '#test/fixtures/until.ts'
import { createHttpRouteKind, GATEWAY_API } from '../route-kinds/http-route.ts'
import type { Target } from './target.ts'

/** It is asked from the edit on: more often, the polls would take the cores from it. */
const POLL_MS = 4

/** The GatewayClass of Envoy Gateway's own quickstart. */
const GATEWAY_CLASS = 'eg'
const READY_WITHIN_MS = 120_000

interface Gateway extends KubeObject {
  status?: {
    addresses?: { value: string }[]
    conditions?: { type: string; status: string }[]
  }
}

const gateways = { group: GATEWAY_API, version: 'v1', kind: 'Gateway', plural: 'gateways' }

/** @returns its address. @throws Error when it does not come up. */
const untilProgrammed = (client: KubeClient, name: string): Promise<string> =>
  until(
    `a Gateway of class ${GATEWAY_CLASS} is up; is Envoy Gateway installed?`,
    async () => {
      const found = await client.get<Gateway>(gateways, { namespace: name, name })
      const { addresses, conditions } = found?.status ?? {}
      const isReady = conditions?.some(
        ({ type, status }) => type === 'Programmed' && status === 'True',
      )
      return isReady && addresses?.[0]?.value
    },
    READY_WITHIN_MS,
  )

/** The peer: a Gateway of its own, and HTTPRoutes that do what the APIRoutes do. */
export const startEnvoyGateway = async (kubeconfig: string | undefined): Promise<Target> => {
  const client = createKubeClient(loadCluster(kubeconfig))
  const name = `envoy-bench-${randomBytes(3).toString('hex')}`
  const routeKind = createHttpRouteKind(name)
  const stop = async () => {
    await client.call('DELETE', toPath(routeKind.type, name)).catch(() => undefined)
    await client.call('DELETE', toPath(namespaces, undefined, name))
    await client.close()
  }
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  try {
    const gateway: Gateway & { spec: object } = {
      apiVersion: `${GATEWAY_API}/v1`,
      kind: 'Gateway',
      metadata: { name, namespace: name },
      spec: {
        gatewayClassName: GATEWAY_CLASS,
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      },
    }
    await client.create(gateways, gateway)
    const address = await untilProgrammed(client, name)
    const replicas = [{ traffic: `http://${address}` }]
    return { client, replicas, routeKind, pollEveryMs: POLL_MS, namespace: name, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
