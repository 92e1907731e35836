import { Counter, Gauge, type Registry } from '@prometheus-io/client'
import { LATENCY_BUCKETS_MS, type RouteStats } from '../link/route-stats.ts'
import type { RouteTable } from '../link/route-table.ts'
import type { UpstreamClient } from '../upstream/http1/client.ts'

const CLASSES = ['client_left', '1xx', '2xx', '3xx', '4xx', '5xx']

const forEachRoute = (
  routes: RouteTable,
  visit: (labels: { namespace: string; route: string }, stats: RouteStats) => void,
): void => {
  for (const { fragment, stats } of routes.values()) {
    const { namespace, name } = fragment
    visit({ namespace, route: name }, stats)
  }
}

/** Metrics are read off the routes' own counters when scraped: a request costs no label lookup. */
export const registerRouteMetrics = (
  registry: Registry,
  routes: RouteTable,
  client: UpstreamClient,
): void => {
  const registers = [registry]
  new Counter({
    name: 'penstock_requests_total',
    help: 'Requests answered, by route and class of status.',
    labelNames: ['namespace', 'route', 'status'],
    registers,
    collect() {
      this.reset()
      forEachRoute(routes, (labels, { responses }) => {
        for (const [index, count] of responses.entries()) {
          if (count > 0) this.inc({ ...labels, status: CLASSES[index] ?? '' }, count)
        }
      })
    },
  })
  new Counter({
    name: 'penstock_request_retries_total',
    help: 'Tries after the first, by route.',
    labelNames: ['namespace', 'route'],
    registers,
    collect() {
      this.reset()
      forEachRoute(routes, (labels, { retries }) => {
        if (retries > 0) this.inc(labels, retries)
      })
    },
  })
  new Counter({
    name: 'penstock_request_duration_le_total',
    help: 'Requests that took at most le milliseconds, by route.',
    labelNames: ['namespace', 'route', 'le'],
    registers,
    collect() {
      this.reset()
      forEachRoute(routes, (labels, { latencies }) => {
        let total = 0
        for (const [index, count] of latencies.entries()) {
          total += count
          if (total > 0) this.inc({ ...labels, le: LATENCY_BUCKETS_MS[index] ?? '+Inf' }, total)
        }
      })
    },
  })
  new Gauge({
    name: 'penstock_routes',
    help: 'Routes served.',
    registers,
    collect() {
      this.set(routes.size)
    },
  })
  new Gauge({
    name: 'penstock_upstream_connections',
    help: 'Connections to backends, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      const { connections, idle, pending } = client.stats()
      this.set({ state: 'active' }, connections - idle)
      this.set({ state: 'idle' }, idle)
      this.set({ state: 'wanted' }, pending)
    },
  })
}
