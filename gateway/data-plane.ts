import type { Served } from '#config/compiled/events.ts'
import type { Timeline } from '#config/compiled/fragment.ts'
import type { Reflector } from '#lib/kube/reflector.ts'
import { createByteBudget } from './ai/byte-budget.ts'
import type { CallObserver } from './ai/call-record.ts'
import type { GatewayDeps } from './app.ts'
import { createLimits } from './limits/create-limits.ts'
import { createSecretBook, toSecretKey, toSecretsKey } from './link/secret-book.ts'
import { createRequestHeaders } from './policies/forward/forward-headers.ts'
import type { ProxyContext } from './proxy/proxy-context.ts'
import { createProgrammedReporter } from './report/programmed-reporter.ts'
import { createTimelineLog } from './report/timeline-log.ts'
import { createServing } from './serving.ts'
import { createUpstreamClient } from './upstream/http1/client.ts'
import type { UpstreamClientOptions } from './upstream/http1/contract.ts'
import { Deadlines } from './upstream/http1/deadlines.ts'
import { createUnreachedLog } from './upstream/unreached-log.ts'
import { watchCertificates } from './watch/watch-certificates.ts'
import { watchFragments } from './watch/watch-fragments.ts'
import { createSecretWatches } from './watch/watch-secrets.ts'
import { watchServices } from './watch/watch-services.ts'

const UPSTREAM: Omit<UpstreamClientOptions, 'isAddressAllowed'> = {
  connectTimeoutMs: 5000,
  headerTimeoutMs: 60_000,
  idleTimeoutMs: 300_000,
  keepAliveMs: 30_000,
  maxConnectionsPerTarget: 1024,
  maxPendingPerTarget: 4096,
  maxHeaderBytes: 65_536,
}
/** Where a body is held whole, less is enough. */
const MAX_AI_BODY_BYTES = 33_554_432
/** Of all calls together: with what reading them takes, half of the memory that a replica has. */
const AI_BUDGET_BYTES = 134_217_728

/** What an edit leads to is told once all that was there at the start is served. */
const createReports = ({ replica, publish, log }: GatewayDeps) => {
  const reporter = createProgrammedReporter({ replica, publish, log })
  const timelines = createTimelineLog()
  let isLoaded = false
  return {
    reporter,
    timelines,
    onChange(served: Served, timeline?: Timeline): void {
      if (timeline) timelines.add(served, timeline)
      // The first load is told as a whole.
      if (isLoaded) reporter.add(served, timeline?.traceparent)
    },
    loaded(): void {
      isLoaded = true
    },
  }
}

/** What is served, and what it refers to. */
const createTables = (
  deps: GatewayDeps,
  observers: readonly CallObserver[],
  onChange: ReturnType<typeof createReports>['onChange'],
) => {
  const { client, namespace, settings, log } = deps
  const upstream = createUpstreamClient({
    ...UPSTREAM,
    isAddressAllowed: settings.isAddressAllowed,
    onUnreached: createUnreachedLog(log, () => performance.now()),
  })
  const deadlines = new Deadlines()
  const secrets = createSecretBook((wanted) => secretWatches.follow(wanted))
  const limits = createLimits(settings.redisUrl, log)
  const serving = createServing({
    client: upstream,
    deadlines,
    sharedNamespace: namespace,
    maxBodyBytes: Math.min(settings.maxBodyBytes, MAX_AI_BODY_BYTES),
    budget: createByteBudget(AI_BUDGET_BYTES),
    observers,
    limiter: limits.limiter,
    log,
    secrets,
    onChange,
  })
  const { config, consumers } = serving
  const secretWatches = createSecretWatches({
    client,
    book: secrets,
    log,
    onPermission: (of) => config.relink(toSecretsKey(of)),
    onChange(of, name, secret) {
      config.relink(toSecretKey(of, name))
      if (of !== namespace) return
      if (secret) consumers.set(secret)
      else consumers.delete(name)
    },
  })
  return { ...serving, upstream, deadlines, secretWatches, limits }
}

/** What serves: loads and follows the configuration of one namespace. */
export const createDataPlane = (deps: GatewayDeps, observers: readonly CallObserver[]) => {
  const { client, namespace, settings, log } = deps
  const reports = createReports(deps)
  const tables = createTables(deps, observers, reports.onChange)
  const { addresses, config, routes, upstream, deadlines, secretWatches } = tables
  const context: ProxyContext = {
    routes,
    client: upstream,
    deadlines,
    buildHeaders: createRequestHeaders({ trustForwarded: settings.trustForwarded }),
    maxBodyBytes: settings.maxBodyBytes,
  }
  const services = watchServices('Service', { client, addresses, config, log })
  const knative = watchServices('KnativeService', { client, addresses, config, log })
  const certificates = watchCertificates(client, namespace, log)
  const watches: Pick<Reflector, 'stop'>[] = [
    services,
    knative,
    certificates.reflector,
    secretWatches,
  ]
  return {
    ...tables,
    reporter: reports.reporter,
    timelines: reports.timelines,
    context,
    certificates,
    /** Settles once everything is served. */
    async load(): Promise<void> {
      // The consumers' keys are here.
      secretWatches.follow(namespace)
      // Addresses first: a route linked without them would answer 500.
      await Promise.all([services.known, knative.known])
      const fragments = watchFragments({ client, namespace, config, log })
      watches.push(fragments)
      await Promise.all([fragments.synced, certificates.reflector.synced])
      // Models have said by now which Secrets they name.
      await secretWatches.synced()
      reports.loaded()
    },
    async stop() {
      await Promise.all(watches.map((watch) => watch.stop()))
      tables.limits.close()
    },
  }
}
