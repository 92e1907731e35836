import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FRAGMENT_LABEL, readFragmentVersion } from '#config/compiled/fragment.ts'
import { forEachLimited } from '#lib/for-each.ts'
import { startReflector } from '#lib/kube/reflector.ts'
import { type ConfigMap, configMaps } from '#lib/kube/types.ts'
import { apiRoutes, connect, isProgrammed } from './client.ts'
import { deleteEcho, deployEcho } from './echo.ts'
import { deleteAllRoutes } from './editor.ts'
import { readGeneration, toGenerationRoute, VERSIONS } from './generation-route.ts'
import { kubectl, until } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'
import { type NodeAgent, startNodeAgent } from './node-agent.ts'
import { createToken, readConfig, readyReplicas } from './replicas.ts'
import { report } from './report.ts'
import { type RouteLog, watchRoutes } from './route-log.ts'

// Invariant 7: the cost of an edit does not grow with the number of other objects.

/** As many as asked for, or else as many as a minute allows, up to 3,000. */
const ASKED = Number(process.env.PENSTOCK_TEST_ROUTES ?? 0)
const MAX_ROUTES = ASKED || 3000
const MIN_ROUTES = Math.min(500, MAX_ROUTES)
const CREATE_MS = ASKED ? Number.POSITIVE_INFINITY : 60_000
const CLIENTS = 16
const EDITS = 5
const NAME = 'scale-edited'

const client = connect()
const written: { name: string; generation: number; bytes: number }[] = []
let generation = 1
/** Created so far. */
let routes = 0
let log: RouteLog
let agent: NodeAgent
let stopWatching: () => Promise<void>

const toName = (index: number) => `scale-${index}`

/** Names of new routes, until there are enough or it takes too long. */
function* namesToCreate(): Generator<string> {
  const deadline = performance.now() + CREATE_MS
  while (routes < MAX_ROUTES && (routes < MIN_ROUTES || performance.now() < deadline)) {
    yield toName(routes++)
  }
}

const watchFragments = async (): Promise<() => Promise<void>> => {
  const { synced, stop } = startReflector<ConfigMap>({
    client,
    type: configMaps,
    select: { namespace: NAMESPACE, labelSelector: FRAGMENT_LABEL },
    onReplace: () => undefined,
    onChange(configMap) {
      const { name = '', generation = 0 } = readFragmentVersion(configMap) ?? {}
      written.push({ name, generation, bytes: JSON.stringify(configMap.data).length })
    },
    onDelete: () => undefined,
    onError: () => undefined,
  })
  await synced
  return stop
}

const isOfThisEdit = (fragment: { name: string; generation: number }) =>
  fragment.name === NAME && fragment.generation === generation

/** What a few edits of one route made the functions write. */
const measureEdits = async () => {
  written.length = 0
  const statusWrites = () => [...log.statusWrites.values()].reduce((sum, count) => sum + count, 0)
  const before = statusWrites()
  for (let left = EDITS; left > 0; left -= 1) {
    generation += 1
    const { spec } = toGenerationRoute(NAME, generation)
    await client.patch(apiRoutes, { namespace: TEST_NAMESPACE, name: NAME }, { spec })
    await log.find(NAME, (route) => route.metadata.generation === generation && isProgrammed(route))
    await until('its fragment is seen', async () => written.some(isOfThisEdit))
  }
  const own = written.filter(({ name }) => name === NAME)
  return {
    fragments: written.length,
    bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    statusWrites: statusWrites() - before,
  }
}

const allProgrammed = () => [...log.routes.values()].filter(isProgrammed).length

beforeAll(async () => {
  await Promise.all(VERSIONS.map((version) => deployEcho(`echo-${version}`, version)))
  agent = await startNodeAgent()
  log = await watchRoutes(client)
  stopWatching = await watchFragments()
})

afterAll(async () => {
  await kubectl('-n', NAMESPACE, 'scale', 'deployment/gateway', '--replicas=2')
  await deleteAllRoutes(client)
  await Promise.all([log.stop(), stopWatching(), agent.stop()])
  await Promise.all(VERSIONS.map((version) => deleteEcho(`echo-${version}`)))
  await client.close()
})

test('with thousands of routes an edit costs what it cost with one', {
  timeout: 600_000,
}, async () => {
  await client.create(apiRoutes, toGenerationRoute(NAME))
  await log.find(NAME, isProgrammed)
  // Two-digit generations: every fragment of this test has the same length.
  while (generation < 10) await measureEdits()
  const alone = await measureEdits()
  const replicas = await readyReplicas()
  const memory = () => Promise.all(replicas.map(({ uid }) => agent.residentBytes(uid)))
  const before = await memory()

  const startedAt = performance.now()
  await forEachLimited(namesToCreate(), CLIENTS, (name) =>
    client.create(apiRoutes, toGenerationRoute(name)),
  )
  const createdAt = performance.now()
  await until('all are Programmed', async () => allProgrammed() === routes + 1, 300_000)
  const liveAt = performance.now()
  const after = await memory()

  const perRoute = after.map((bytes, index) => (bytes - (before[index] ?? 0)) / routes)
  report(
    [
      `${routes} routes created in ${Math.round(createdAt - startedAt)} ms,`,
      `all Programmed ${Math.round(liveAt - createdAt)} ms later;`,
      `gateway memory ${after.map((bytes) => Math.round(bytes / 2 ** 20)).join(' and ')} MiB,`,
      `${perRoute.map(Math.round).join(' and ')} bytes a route`,
    ].join(' '),
  )
  expect(Math.max(...log.statusWrites.values())).toBeLessThanOrEqual(2)
  expect(Math.max(...perRoute)).toBeLessThan(50_000)

  const together = await measureEdits()
  expect(alone).toMatchObject({ fragments: EDITS, bytes: expect.any(Number) })
  expect(together).toMatchObject({ fragments: EDITS, bytes: alone.bytes })
  expect(together.statusWrites).toBeLessThanOrEqual(2 * EDITS)
})

test('a new replica is ready only with all of them', { timeout: 180_000 }, async () => {
  const token = await createToken()
  const known = new Set((await readyReplicas()).map(({ name }) => name))
  await kubectl('-n', NAMESPACE, 'scale', 'deployment/gateway', '--replicas=3')
  const fresh = await until(
    'a third replica is ready',
    async () => (await readyReplicas()).find(({ name }) => !known.has(name)),
    120_000,
  )
  const { objects } = await readConfig(fresh, token)
  expect(objects.filter(({ namespace }) => namespace === TEST_NAMESPACE)).toHaveLength(routes + 1)
  for (const index of [0, Math.floor(routes / 2), routes - 1]) {
    const { headers, body } = await request(`${fresh.traffic}/${toName(index)}`)
    expect(readGeneration(headers, await body.text())).toBe(1)
  }
})

test('all of them deleted, nothing is left', { timeout: 300_000 }, async () => {
  await deleteAllRoutes(client)
  const token = await createToken()
  await until(
    'no replica serves any',
    async () => {
      const configs = await Promise.all(
        (await readyReplicas()).map((replica) => readConfig(replica, token)),
      )
      const left = configs.flatMap(({ objects }) =>
        objects.filter(({ namespace }) => namespace === TEST_NAMESPACE),
      )
      return left.length === 0
    },
    240_000,
  )
})
