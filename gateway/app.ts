import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { Registry } from '@prometheus-io/client'
import type { LoadedConfig, Served } from '#config/compiled/events.ts'
import type { Timeline } from '#config/compiled/fragment.ts'
import type { EventMessage } from '#lib/cloud-event.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { createAdminApp } from './admin/app.ts'
import { createAuthorizer } from './admin/authorizer.ts'
import { registerRouteMetrics } from './admin/route-metrics.ts'
import { createAddressBook } from './link/address-book.ts'
import { createLiveConfig } from './link/live-config.ts'
import { createRequestHeaders } from './policies/forward/forward-headers.ts'
import { createProxy } from './proxy/proxy.ts'
import type { ProxyContext } from './proxy/proxy-context.ts'
import { createUpgrade } from './proxy/upgrade.ts'
import { createProgrammedReporter } from './report/programmed-reporter.ts'
import { createTimelineLog } from './report/timeline-log.ts'
import { DEFAULT_LIMITS } from './server/limits.ts'
import { type Listener, openListener } from './server/listener.ts'
import { createUpstreamClient } from './upstream/http1/client.ts'
import { Deadlines } from './upstream/http1/deadlines.ts'
import { watchCertificates } from './watch/watch-certificates.ts'
import { watchFragments } from './watch/watch-fragments.ts'
import { watchServices } from './watch/watch-services.ts'

export interface GatewaySettings {
  /** Address to listen on. */
  readonly host: string
  /** Plain HTTP/1.1 and h2c. 0 takes a free port, here and below. */
  readonly port: number
  /** TLS; undefined for none. */
  readonly tlsPort: number | undefined
  readonly adminPort: number
  readonly maxBodyBytes: number
  /** Whether X-Forwarded-* of the peer are believed: only behind another proxy. */
  readonly trustForwarded: boolean
  /** Whether an address may be a backend. */
  isAddressAllowed(address: string): boolean
}

export interface GatewayDeps {
  readonly client: KubeClient
  readonly namespace: string
  readonly replica: string
  publish(message: EventMessage): Promise<void>
  readonly settings: GatewaySettings
  readonly log: Log
}

export interface Gateway {
  readonly port: number
  readonly tlsPort: number | undefined
  readonly adminPort: number
  /** What this replica serves now. */
  loaded(): LoadedConfig
  /**
   * Says that it is no longer ready, waits `delayMs` for the load balancers to see it, lets the
   * requests under way end for at most `graceMs`, and stops.
   */
  drain(delayMs: number, graceMs: number): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5000
const UPSTREAM_HEADER_TIMEOUT_MS = 60_000
const UPSTREAM_IDLE_TIMEOUT_MS = 300_000
const UPSTREAM_KEEP_ALIVE_MS = 30_000
const MIRROR_GRACE_MS = 1000

const openAdmin = async (settings: GatewaySettings, app: ReturnType<typeof createAdminApp>) => {
  const server: Server = createServer(
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  server.listen(settings.adminPort, settings.host)
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** What serves: loads and follows the configuration of one namespace. */
const createDataPlane = (deps: GatewayDeps) => {
  const { client, namespace, replica, settings, log } = deps
  const reporter = createProgrammedReporter({ replica, publish: deps.publish, log })
  const timelines = createTimelineLog()
  const addresses = createAddressBook()
  let loaded = false
  const onChange = (served: Served, timeline?: Timeline): void => {
    if (timeline) timelines.add(served, timeline)
    // The first load is told as a whole.
    if (loaded) reporter.add(served, timeline?.traceparent)
  }
  const config = createLiveConfig({ addresses, onChange })
  const upstream = createUpstreamClient({
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    headerTimeoutMs: UPSTREAM_HEADER_TIMEOUT_MS,
    idleTimeoutMs: UPSTREAM_IDLE_TIMEOUT_MS,
    keepAliveMs: UPSTREAM_KEEP_ALIVE_MS,
    maxConnectionsPerTarget: 1024,
    maxPendingPerTarget: 4096,
    maxHeaderBytes: 65_536,
    isAddressAllowed: settings.isAddressAllowed,
  })
  const context: ProxyContext = {
    routes: config.routes,
    client: upstream,
    deadlines: new Deadlines(),
    buildHeaders: createRequestHeaders({ trustForwarded: settings.trustForwarded }),
    maxBodyBytes: settings.maxBodyBytes,
  }
  const services = watchServices('Service', { client, addresses, config, log })
  const knative = watchServices('KnativeService', { client, addresses, config, log })
  const certificates = watchCertificates(client, namespace, log)
  const load = async () => {
    // Addresses first: a route linked without them would answer 500.
    await Promise.all([services.known, knative.known])
    const fragments = watchFragments({ client, namespace, config, log })
    await fragments.synced
    await certificates.reflector.synced
    loaded = true
    return fragments
  }
  return { reporter, timelines, config, upstream, context, services, knative, certificates, load }
}

/** Starts a gateway replica; it is ready once everything is loaded and reported. */
export const startGateway = async (deps: GatewayDeps): Promise<Gateway> => {
  const { client, replica, settings, log } = deps
  const plane = createDataPlane(deps)
  const { reporter, config, context, certificates } = plane
  const registry = new Registry()
  registerRouteMetrics(registry, config, plane.upstream)
  let ready = false
  const loaded = (): LoadedConfig => ({
    replica,
    boot: reporter.boot,
    sequence: reporter.sequence,
    objects: config.served(),
  })

  const admin = await openAdmin(
    settings,
    createAdminApp({
      isReady: () => ready,
      loaded,
      timelines: () => plane.timelines.entries(),
      registry,
      isAllowed: createAuthorizer(client),
    }),
  )

  const fragments = await plane.load()
  const { host, port, tlsPort } = settings
  const handlers = { onRequest: createProxy(context), onUpgrade: createUpgrade(context) }
  const common = { host, handlers, limits: DEFAULT_LIMITS }
  const listeners: Listener[] = [await openListener({ ...common, port })]
  if (tlsPort !== undefined) {
    const secureContext = (name: string) => certificates.find(name)
    listeners.push(await openListener({ ...common, port: tlsPort, secureContext }))
  }
  reporter.announce()
  ready = true
  const [plain, tls] = listeners
  log.info({ port: plain?.port, routes: config.routes.size }, 'ready')

  return {
    port: plain?.port ?? 0,
    tlsPort: tls?.port,
    adminPort: admin.port,
    loaded,
    async drain(delayMs, graceMs) {
      ready = false
      await delay(delayMs)
      await Promise.all(listeners.map((listener) => listener.close(graceMs)))
      const watches = [fragments, plane.services, plane.knative, certificates.reflector]
      await Promise.all(watches.map((watch) => watch.stop()))
      await reporter.stop()
      // Mirrored requests may still be under way; nobody waits for their answers.
      await Promise.race([
        plane.upstream.close(),
        delay(MIRROR_GRACE_MS, undefined, { ref: false }),
      ])
      admin.server.close()
      admin.server.closeAllConnections()
    },
  }
}
