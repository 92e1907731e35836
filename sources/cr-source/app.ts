import type { Registry } from '@prometheus-io/client'
import { Hono } from 'hono'

export interface SourceAppOptions {
  readonly registry: Registry
  /** Whether all that exists was delivered. */
  isReady(): boolean
}

/** What the source serves: probes and metrics. */
export const createSourceApp = ({ registry, isReady }: SourceAppOptions) => {
  const app = new Hono()
  app.get('/health/liveness', (c) => c.body(null, 204))
  app.get('/health/readiness', (c) => c.body(null, isReady() ? 204 : 503))
  app.get('/metrics', async (c) =>
    c.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  )
  return app
}
