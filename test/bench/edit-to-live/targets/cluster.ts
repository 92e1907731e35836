import { randomBytes } from 'node:crypto'
import { createKubeClient, type KubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { endpointSlices, type KubeObject, type ResourceType, toPath } from '#lib/kube/types.ts'
import { namespaces, serviceAccounts } from '#test/fixtures/core-types.ts'
import { apiRouteKind } from '../route-kinds/api-route.ts'
import { SYSTEM_NAMESPACE, type Target } from './target.ts'

interface EndpointSlice extends KubeObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[]
  ports?: { name?: string; port: number }[]
}

const clusterRoleBindings: ResourceType = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
}

const TOKEN_SECONDS = 3600

/** Ready addresses of a Service, with the port of that name. */
const listEndpoints = async (client: KubeClient, service: string, portName: string) => {
  const { items } = await client.list<EndpointSlice>(endpointSlices, {
    namespace: SYSTEM_NAMESPACE,
    labelSelector: `kubernetes.io/service-name=${service}`,
  })
  return new Map(
    items.flatMap(({ endpoints, ports }) => {
      const port = ports?.find(({ name }) => name === portName)?.port
      return (endpoints ?? [])
        .filter(({ conditions }) => conditions?.ready !== false)
        .flatMap(({ addresses }) => addresses)
        .map((address) => [address, `http://${address}:${port}`] as const)
    }),
  )
}

/** URLs of a replica, by its address. */
const findReplicas = async (client: KubeClient): Promise<{ traffic: string; admin: string }[]> => {
  const traffic = await listEndpoints(client, 'penstock-gateway', 'http')
  const admin = await listEndpoints(client, 'penstock-gateway-admin', 'admin')
  const replicas = [...traffic].flatMap(([address, url]) => {
    const adminUrl = admin.get(address)
    return adminUrl ? [{ traffic: url, admin: adminUrl }] : []
  })
  if (replicas.length > 0) return replicas
  throw new Error(
    `no gateway is ready in ${SYSTEM_NAMESPACE}: kubectl apply -k config/overlays/knative`,
  )
}

/** An account of its own that may read the admin listener, as far as the benchmark needs it. */
const createReader = async (client: KubeClient, name: string): Promise<string> => {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: name } }
  await client.create(serviceAccounts, account)
  const binding: KubeObject & { roleRef: object; subjects: object[] } = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'penstock-admin' },
    subjects: [{ kind: 'ServiceAccount', name, namespace: name }],
  }
  await client.create(clusterRoleBindings, binding)
  const { status } = await client.call<{ status: { token: string } }>(
    'POST',
    `${toPath(serviceAccounts, name, name)}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: TOKEN_SECONDS },
    },
  )
  return status.token
}

/** Edits a namespace of its own on the cluster of `kubeconfig`, where Penstock is installed. */
export const startCluster = async (kubeconfig: string | undefined): Promise<Target> => {
  const client = createKubeClient(loadCluster(kubeconfig))
  const name = `penstock-bench-${randomBytes(3).toString('hex')}`
  const stop = async () => {
    const paths = [
      toPath(apiRouteKind.type, name),
      toPath(clusterRoleBindings, undefined, name),
      toPath(namespaces, undefined, name),
    ]
    // What was not made yet cannot be removed; the rest still must be.
    for (const path of paths) await client.call('DELETE', path).catch(() => undefined)
    await client.close()
  }
  const found = await findReplicas(client)
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  try {
    const token = await createReader(client, name)
    return {
      client,
      replicas: found.map(({ traffic, admin }) => ({ traffic, admin: { url: admin, token } })),
      routeKind: apiRouteKind,
      pollEveryMs: 1,
      namespace: name,
      systemNamespace: SYSTEM_NAMESPACE,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
