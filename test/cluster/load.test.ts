import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from './client.ts'
import { untilConverged } from './converged.ts'
import { deleteEcho, deployEcho } from './echo.ts'
import { createEditor, deleteAllRoutes } from './editor.ts'
import { VERSIONS } from './generation-route.ts'
import { until } from './kubectl.ts'
import { readyReplicas } from './replicas.ts'
import { report } from './report.ts'
import { startTraffic } from './traffic.ts'

// Invariants 3 and 4: no request fails because of an edit, and no replica goes back.

const CONNECTIONS = 64
const EDITS = 2000

const client = connect()

beforeAll(async () => {
  await Promise.all(VERSIONS.map((version) => deployEcho(`echo-${version}`, version)))
})

afterAll(async () => {
  await deleteAllRoutes(client)
  await Promise.all(VERSIONS.map((version) => deleteEcho(`echo-${version}`)))
  await client.close()
})

test('under load, no edit fails a request or brings an older generation back', {
  timeout: 600_000,
}, async () => {
  const editor = createEditor({ client, prefix: 'load', routes: 24 })
  await editor.begin()
  const replicas = await readyReplicas()
  expect(replicas).toHaveLength(2)
  const targets = replicas.map(({ traffic }) => traffic)
  const traffic = startTraffic({
    targets,
    routes: editor.names,
    connections: CONNECTIONS,
    rate: 640,
  })
  await until('load on every connection', async () => traffic.requests > 10 * CONNECTIONS)

  const startedAt = performance.now()
  await editor.edit((edits) => edits >= EDITS, { clients: 8 })
  const editingMs = performance.now() - startedAt
  await untilConverged(client)
  const { requests, faults, slowestMs, newest } = await traffic.stop()

  report(
    `${editor.edits} edits in ${Math.round(editingMs)} ms, ${requests} requests, slowest ${Math.round(slowestMs)} ms`,
  )
  expect(faults).toEqual([])
  // Edits came through while the load went on.
  expect(newest.size).toBe(targets.length * editor.names.length)
  expect(Math.min(...newest.values())).toBeGreaterThan(10)
  expect(requests).toBeGreaterThan(10 * CONNECTIONS)
})
