import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { createSourceApp } from './app.ts'
import { createSourceMetrics } from './metrics.ts'

test('the source is alive at once and ready when all that exists was delivered', async () => {
  let ready = false
  const app = createSourceApp({ registry: new Registry(), isReady: () => ready })
  expect((await app.request('/health/liveness')).status).toBe(204)
  expect((await app.request('/health/readiness')).status).toBe(503)
  ready = true
  expect((await app.request('/health/readiness')).status).toBe(204)
})

test('metrics are served in text form', async () => {
  const registry = new Registry()
  createSourceMetrics(registry).pending.set(3)
  const response = await createSourceApp({ registry, isReady: () => true }).request('/metrics')
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(await response.text()).toContain('penstock_source_pending 3')
})
