import { request } from 'undici'
import type { Component } from '../../build.ts'
import { apply, kubectl, until } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'

/** The tests' backend, built like a component. */
export const ECHO: Component = { name: 'echo', entry: 'test/cluster/echo-server.ts' }

/** What the backend answers. */
export interface Echo {
  readonly method: string
  readonly path: string
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
  readonly pod: string
  readonly version: string
}

const manifest = (name: string, version: string, replicas: number) => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: TEST_NAMESPACE },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'echo',
              image: `penstock/${ECHO.name}:dev`,
              imagePullPolicy: 'IfNotPresent',
              env: [
                { name: 'VERSION', value: version },
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              ],
              ports: [{ name: 'http', containerPort: 8080 }],
              readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 },
              lifecycle: { preStop: { sleep: { seconds: 2 } } },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: TEST_NAMESPACE },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  },
]

const CLUSTER_IP = '-ojsonpath={.spec.clusterIP}'

/** Runs a backend as Service `name`, port 80, of the tests' namespace, and waits for it. */
export const deployEcho = async (name: string, version = name, replicas = 1): Promise<void> => {
  await apply(...manifest(name, version, replicas))
  const deployment = `deployment/${name}`
  await kubectl('-n', TEST_NAMESPACE, 'rollout', 'status', deployment, '--timeout=120s')
  const address = await kubectl('-n', TEST_NAMESPACE, 'get', 'svc', name, CLUSTER_IP)
  // The nodes hear of the endpoints a little later.
  await until(`Service ${name} answers`, () =>
    request(`http://${address}`).then(
      async ({ statusCode, body }) => {
        await body.dump()
        return statusCode === 200
      },
      () => false,
    ),
  )
}

/** Removes a backend. */
export const deleteEcho = (name: string): Promise<string> =>
  kubectl('-n', TEST_NAMESPACE, 'delete', '--ignore-not-found', `deployment/${name}`, `svc/${name}`)
