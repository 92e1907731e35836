import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { getRequestListener } from '@hono/node-server'
import { Registry } from '@prometheus-io/client'
import type { LoadedConfig } from '#config/compiled/events.ts'
import type { EventMessage } from '#lib/cloud-event.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { createAdminApp } from './admin/app.ts'
import { createAuthorizer } from './admin/authorizer.ts'
import { registerModelMetrics } from './admin/model-metrics.ts'
import { registerRouteMetrics } from './admin/route-metrics.ts'
import { createDataPlane } from './data-plane.ts'
import { createProxy } from './proxy/proxy.ts'
import { createUpgrade } from './proxy/upgrade.ts'
import { DEFAULT_LIMITS } from './server/limits.ts'
import { type Listener, openListener } from './server/listener.ts'
import { createCallLog } from './telemetry/call-log.ts'
import { createCallMetrics } from './telemetry/call-metrics.ts'
import type { Telemetry } from './telemetry/telemetry.ts'

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
  /** Where all replicas count what is limited; undefined for each on its own. */
  readonly redisUrl?: string | undefined
  /** Whether an address may be a backend. */
  isAddressAllowed(address: string): boolean
}

export interface GatewayDeps {
  readonly client: KubeClient
  readonly namespace: string
  readonly replica: string
  publish(message: EventMessage): Promise<void>
  readonly settings: GatewaySettings
  /** Where calls of models are told of, beside metrics and log. */
  readonly telemetry?: Telemetry
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

const MIRROR_GRACE_MS = 1000

const openAdmin = async (settings: GatewaySettings, app: ReturnType<typeof createAdminApp>) => {
  const server: Server = createServer(
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  server.listen(settings.adminPort, settings.host)
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** Starts a gateway replica; it is ready once everything is loaded and reported. */
export const startGateway = async (deps: GatewayDeps): Promise<Gateway> => {
  const { client, replica, settings, telemetry, log } = deps
  const registry = new Registry()
  const observers = [createCallLog(log), createCallMetrics(registry)]
  const plane = createDataPlane(deps, [...observers, ...(telemetry?.observers ?? [])])
  const { reporter, config, context, certificates } = plane
  registerRouteMetrics(registry, plane.routes, plane.upstream)
  registerModelMetrics(registry, plane.models)
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

  await plane.load()
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
  log.info({ port: plain?.port, routes: plane.routes.size }, 'ready')

  return {
    port: plain?.port ?? 0,
    tlsPort: tls?.port,
    adminPort: admin.port,
    loaded,
    async drain(delayMs, graceMs) {
      ready = false
      await delay(delayMs)
      await Promise.all(listeners.map((listener) => listener.close(graceMs)))
      await plane.stop()
      await telemetry?.shutdown()
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
