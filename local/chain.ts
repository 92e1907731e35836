import { Registry } from '@prometheus-io/client'
import { RESYNC } from '#config/compiled/events.ts'
import { createApp as createModelCompile } from '#functions/model-compile/app.ts'
import { createApp as createPromptRender } from '#functions/prompt-render/app.ts'
import { createApp as createRouteCompile } from '#functions/route-compile/app.ts'
import type { FunctionDeps } from '#functions/runtime/deps.ts'
import type { RunningApp } from '#functions/runtime/serve.ts'
import { createApp as createStatusUpdate } from '#functions/status-update/app.ts'
import { type Gateway, type GatewaySettings, startGateway } from '#gateway/app.ts'
import { type EventMessage, encodeEvent } from '#lib/cloud-event.ts'
import { createKubeClient, type KubeClient } from '#lib/kube/client.ts'
import type { Cluster } from '#lib/kube/kubeconfig.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { createSourceMetrics } from '#sources/cr-source/metrics.ts'
import { penstockTypes } from '#sources/cr-source/resource-types.ts'
import { startCrSource } from '#sources/cr-source/source.ts'
import { type Broker, createBroker } from './broker/broker.ts'
import { loadTriggers } from './broker/load-triggers.ts'
import { settle } from './settle.ts'

export interface ChainOptions {
  readonly cluster: Cluster
  /** Namespace of the fragments. */
  readonly namespace: string
  readonly settings: GatewaySettings
  /** Without it the events of the API server's objects are for the caller to publish. */
  readonly source?: boolean
  /** How often everything is compared anew, in milliseconds. */
  readonly resyncMs?: number
  readonly log: Log
}

/** The whole chain from source to gateway in this process, against any API server. */
export interface Chain {
  readonly client: KubeClient
  readonly gateway: Gateway
  readonly broker: Broker
  /** Settles once all that existed at the start is served. */
  readonly settled: Promise<void>
  /** Publishes a resync event. */
  resync(): Promise<void>
  stop(): Promise<void>
}

const TRIGGERS = new URL('../config/eventing/triggers.yaml', import.meta.url).pathname
const RESYNC_MS = 60_000

/** Calls a function as the Broker would, without a socket in between. */
const deliverTo =
  (apps: Readonly<Record<string, RunningApp>>) =>
  async (subscriber: string, { headers, body }: EventMessage) => {
    const app = apps[subscriber]?.app
    if (!app) return { status: 404 }
    const response = await app.request('http://function/', { method: 'POST', headers, body })
    const message = { headers: Object.fromEntries(response.headers), body: await response.text() }
    const isReply = response.status === 200
    return { status: response.status, ...(isReply && { message }) }
  }

const createCompilers = (deps: FunctionDeps) => ({
  'route-compile': createRouteCompile(deps),
  'model-compile': createModelCompile(deps),
  'prompt-render': createPromptRender(deps),
})

/** Starts the parts in the order in which an edit passes them, the last one first. */
export const startChain = async (options: ChainOptions): Promise<Chain> => {
  const { cluster, namespace, log, settings } = options
  const client = createKubeClient(cluster)
  const registry = new Registry()
  const token = cluster.token ?? (() => '')
  const replica = Promise.withResolvers<{ name: string; url: string }>()
  const deps = { client, token, log, registry, namespace }
  const compilers = createCompilers(deps)
  const apps = {
    ...compilers,
    'status-update': createStatusUpdate({
      ...deps,
      followReplicas: (tell) => ({
        synced: replica.promise.then((ready) => tell([ready])),
        stop: async () => undefined,
      }),
    }),
  }
  const triggers = await loadTriggers([TRIGGERS])
  const broker = createBroker({ triggers, deliver: deliverTo(apps), log, registry })
  const publish = (message: EventMessage) => broker.publish(message)

  for (const app of Object.values(compilers)) app.start()
  const gateway = await startGateway({
    client,
    namespace,
    replica: 'local',
    publish,
    settings,
    log,
  })
  replica.resolve({ name: 'local', url: `http://127.0.0.1:${gateway.adminPort}` })
  apps['status-update'].start()
  const source =
    options.source === false
      ? undefined
      : startCrSource({
          client,
          types: penstockTypes,
          sink: publish,
          source: cluster.server,
          log,
          metrics: createSourceMetrics(registry),
        })

  const catchUp = async (): Promise<void> => {
    await source?.synced
    await broker.idle()
    await settle(client, namespace, gateway)
  }
  let round = 0
  const resync = (): Promise<void> => {
    round += 1
    return publish(encodeEvent({ id: `resync-${round}`, type: RESYNC, source: '/local', data: {} }))
  }
  const timer = setInterval(() => void resync(), options.resyncMs ?? RESYNC_MS)

  return {
    client,
    gateway,
    broker,
    settled: catchUp(),
    resync,
    async stop() {
      clearInterval(timer)
      await source?.stop()
      await gateway.drain(0, 1000)
      await broker.close()
      await Promise.all(Object.values(apps).map((app) => app.stop()))
      await client.close()
    },
  }
}
