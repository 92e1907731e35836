import { serve } from '@hono/node-server'
import { collectDefaultMetrics, Registry } from '@prometheus-io/client'
import { createHttpSink } from '#lib/http-sink.ts'
import { createKubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { createSourceApp } from './app.ts'
import { createSourceMetrics } from './metrics.ts'
import { findType, penstockTypes } from './resource-types.ts'
import { startCrSource } from './source.ts'

const {
  K_SINK,
  KUBECONFIG,
  KUBERNETES_SERVICE_HOST,
  KUBERNETES_SERVICE_PORT,
  LOG_LEVEL,
  NAMESPACES,
  PENSTOCK_NAMESPACE,
  PORT,
  RESOURCES,
} = process.env

const toList = (text = ''): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

const log = createLog('cr-source', LOG_LEVEL)
if (!K_SINK) throw new Error('K_SINK is not set: the URL to send events to, from a SinkBinding')

const cluster = loadCluster(KUBECONFIG)
const client = createKubeClient(cluster)
const registry = new Registry()
collectDefaultMetrics({ register: registry })
const resources = toList(RESOURCES)
const sink = createHttpSink({ url: K_SINK, namespace: PENSTOCK_NAMESPACE })

let state: 'starting' | 'synced' | 'stopping' = 'starting'
const app = createSourceApp({ registry, isReady: () => state === 'synced' })
const server = serve({ fetch: app.fetch, port: Number(PORT ?? 8080), hostname: '0.0.0.0' })

const source = startCrSource({
  client,
  types: resources.length
    ? await Promise.all(resources.map((resource) => findType(client, resource)))
    : penstockTypes,
  namespaces: toList(NAMESPACES),
  sink: sink.send,
  // Knative's adapter knows the API server by its address, in a cluster and out of it.
  source:
    KUBECONFIG || !KUBERNETES_SERVICE_HOST
      ? cluster.server
      : `https://${KUBERNETES_SERVICE_HOST}:${KUBERNETES_SERVICE_PORT}`,
  log,
  metrics: createSourceMetrics(registry),
})
void source.synced.then(() => {
  if (state === 'stopping') return
  state = 'synced'
  log.info('all that exists was delivered')
})

const stop = async (): Promise<void> => {
  state = 'stopping'
  // What hangs in flight is given up; the next start sends it again.
  const giveUp = setTimeout(() => void sink.close(), 5000)
  await source.stop()
  clearTimeout(giveUp)
  await Promise.all([sink.close(), client.close()])
  server.close()
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())
