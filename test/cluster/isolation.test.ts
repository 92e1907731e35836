import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { fragmentName } from '#config/compiled/fragment.ts'
import { compileRoute } from '#functions/route-compile/compile.ts'
import { forEachLimited } from '#lib/for-each.ts'
import { isAlreadyExists, KubeError } from '#lib/kube/error.ts'
import { type ConfigMap, configMaps } from '#lib/kube/types.ts'
import { createResync } from './broker.ts'
import { apiRoutes, connect, findCondition, isProgrammed, type Route } from './client.ts'
import { untilConverged } from './converged.ts'
import { deleteEcho, deployEcho } from './echo.ts'
import { deleteAllRoutes } from './editor.ts'
import { readGeneration, toGenerationRoute, VERSIONS } from './generation-route.ts'
import { kubectl, until } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'
import { readyReplicas } from './replicas.ts'
import { routeSpec } from './route-arbitrary.ts'
import { type RouteLog, watchRoutes } from './route-log.ts'
import { startTraffic, type Traffic } from './traffic.ts'

// Invariant 2: no object, however bad, changes how another is served. Every test runs under it.

const STEADY = Array.from({ length: 4 }, (_, index) => `steady-${index}`)
const RESYNC_MS = 90_000

const client = connect()
let resync: Awaited<ReturnType<typeof createResync>>
let log: RouteLog
let traffic: Traffic

const at = (name: string) => ({ namespace: TEST_NAMESPACE, name })

const create = (name: string, spec: object) =>
  client.create<Route>(apiRoutes, { ...toGenerationRoute(name), spec } as Route)

/** What every replica answers for a route. */
const askAll = async (name: string, headers: Record<string, string> = {}): Promise<number[]> => {
  const answers = (await readyReplicas()).map(async (replica) => {
    const response = await request(`${replica.traffic}/${name}`, { headers })
    const text = await response.body.text()
    return response.statusCode === 200
      ? readGeneration(response.headers, text)
      : -response.statusCode
  })
  return Promise.all(answers)
}

/** The status of a route once it speaks of its newest generation. */
const verdictOf = async ({ metadata }: Route) => {
  const route = await log.find(metadata.name, (seen) => {
    const condition = findCondition(seen, 'Programmed')
    const speaksOfIt = condition?.observedGeneration === metadata.generation
    return speaksOfIt && condition?.reason !== 'Pending'
  })
  return Object.fromEntries(
    (route.status?.conditions ?? []).map(({ type, status, reason, message }) => [
      type,
      { status, reason, message },
    ]),
  )
}

beforeAll(async () => {
  await Promise.all(VERSIONS.map((version) => deployEcho(`echo-${version}`, version)))
  resync = await createResync()
  log = await watchRoutes(client)
})

beforeEach(async () => {
  await deleteAllRoutes(client)
  for (const name of STEADY) await client.create(apiRoutes, toGenerationRoute(name))
  await untilConverged(client)
  const targets = (await readyReplicas()).map((replica) => replica.traffic)
  traffic = startTraffic({ targets, routes: STEADY, connections: 8, rate: 80 })
})

afterEach(async () => {
  const { faults, requests } = await traffic.stop()
  expect(faults).toEqual([])
  expect(requests).toBeGreaterThan(0)
})

afterAll(async () => {
  await deleteAllRoutes(client)
  await log.stop()
  await Promise.all(VERSIONS.map((version) => deleteEcho(`echo-${version}`)))
  await client.close()
})

const badMatches = [
  { path: { value: '/broken' } },
  {
    path: { value: '/broken' },
    headers: [{ type: 'RegularExpression', name: 'x-a', value: '(unclosed' }],
  },
]

test('what cannot be compiled is refused with its field, and the old version serves on', async () => {
  await client.create(apiRoutes, toGenerationRoute('broken'))
  await log.find('broken', isProgrammed)
  const { spec } = toGenerationRoute('broken', 2)
  const bad = await client.patch<Route>(apiRoutes, at('broken'), {
    spec: { ...spec, matches: badMatches },
  })
  expect(await verdictOf(bad)).toMatchObject({
    Accepted: {
      status: 'False',
      reason: 'UnsupportedValue',
      message: expect.stringContaining('spec.matches[1].headers[0].value'),
    },
    Programmed: { status: 'False', reason: 'Invalid', message: 'generation 1 is still served' },
  })
  expect(await askAll('broken')).toEqual([1, 1])

  const good = { spec: toGenerationRoute('broken', 3).spec }
  const mended = await client.patch<Route>(apiRoutes, at('broken'), good)
  expect(await verdictOf(mended)).toMatchObject({ Programmed: { status: 'True' } })
  expect(await askAll('broken')).toEqual([3, 3])
})

test('what could never be compiled serves nothing, and says so', async () => {
  const { spec } = toGenerationRoute('broken')
  const route = await create('broken', { ...spec, matches: badMatches })
  expect(await verdictOf(route)).toMatchObject({
    Accepted: { status: 'False', reason: 'UnsupportedValue' },
    Programmed: { status: 'False', reason: 'Invalid', message: 'nothing is served' },
  })
  expect(await askAll('broken')).toEqual([-404, -404])
})

/** Matches that compress badly; the last one is easy to ask for. */
const toMatches = (name: string, count: number, valueLength: number, headers: number) => [
  ...Array.from({ length: count - 1 }, () => ({
    path: { value: `/${name}` },
    headers: Array.from({ length: headers }, (_, index) => ({
      name: `x-${index}`,
      value: randomBytes(valueLength).toString('base64url').slice(0, valueLength),
    })),
  })),
  { path: { value: `/${name}` } },
]

test('a route of 300 KB is served, and one too large is refused alone', async () => {
  const { spec } = toGenerationRoute('large')
  const route = await create('large', { ...spec, matches: toMatches('large', 64, 1200, 4) })
  expect(JSON.stringify(route.spec).length).toBeGreaterThan(300_000)
  expect(await verdictOf(route)).toMatchObject({ Programmed: { status: 'True' } })
  expect(await askAll('large')).toEqual([1, 1])
  const [first] = (route.spec as { matches: { headers: { name: string; value: string }[] }[] })
    .matches
  const headers = Object.fromEntries((first?.headers ?? []).map(({ name, value }) => [name, value]))
  expect(await askAll('large', headers)).toEqual([1, 1])

  const next = toGenerationRoute('large', 2).spec
  const larger = await client.patch<Route>(apiRoutes, at('large'), {
    spec: { ...next, matches: toMatches('large', 64, 1300, 14) },
  })
  expect(await verdictOf(larger)).toMatchObject({
    Accepted: { status: 'False', reason: 'TooLarge', message: expect.stringContaining('limit') },
    Programmed: { status: 'False', reason: 'Invalid', message: 'generation 1 is still served' },
  })
  expect(await askAll('large')).toEqual([1, 1])
})

/** Creates or, if there is one already, changes. @returns what the API server said. */
const submit = async (name: string, spec: object): Promise<number> => {
  try {
    await create(name, spec).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error
      return client.replace(apiRoutes, {
        ...toGenerationRoute(name),
        metadata: { ...at(name), ...log.routes.get(name)?.metadata },
        spec,
      } as Route)
    })
    return 200
  } catch (error) {
    if (error instanceof KubeError) return error.status
    throw error
  }
}

test('whatever the API server accepts gets a verdict, and the rest is served exactly', async ({
  annotate,
}) => {
  const seed = Date.now() % 2 ** 31
  await annotate(`seed ${seed}`)
  const specs = fc.sample(routeSpec, { seed, numRuns: 300 })
  const answers: number[] = []
  await forEachLimited(specs.entries(), 8, async ([index, spec]) => {
    answers.push(await submit(`fuzz-${index % 200}`, spec))
  })
  // Refused by the CRD, by optimistic concurrency, or taken; nothing else.
  expect(new Set(answers)).toEqual(new Set([200, 400, 422, 409].filter((s) => answers.includes(s))))
  expect(answers.filter((status) => status === 200).length, `seed ${seed}`).toBeGreaterThan(20)

  await until(`each has its verdict (seed ${seed})`, async () =>
    [...log.routes.values()].every((route) => {
      const condition = findCondition(route, 'Accepted')
      const { ok } = compileRoute(route)
      return (
        condition?.observedGeneration === route.metadata.generation &&
        condition?.status === (ok ? 'True' : 'False')
      )
    }),
  )
  const refused = [...log.routes.values()].filter((route) => !compileRoute(route).ok)
  expect(refused.length, `seed ${seed}`).toBeGreaterThan(5)
  for (const { metadata } of refused) await client.delete(apiRoutes, at(metadata.name))
  await untilConverged(client)
})

const fragmentOf = (name: string) => fragmentName({ kind: 'APIRoute', ...at(name) })

const patchFragment = (name: string, patch: object): Promise<string> =>
  kubectl(
    ...['-n', NAMESPACE, 'patch', 'configmap', fragmentOf(name)],
    ...['--type=merge', '-p', JSON.stringify(patch)],
  )

const annotate = (name: string, value: string | null) => ({
  metadata: { annotations: { [`penstock.dev/${name}`]: value } },
})

const DAMAGE: [what: string, patch: object, keepsServing: boolean][] = [
  ['corrupt JSON', { data: { 'fragment.json': '{"format":1,' } }, true],
  ['JSON of another shape', { data: { 'fragment.json': '{"format":1,"kind":"APIRoute"}' } }, true],
  ['no content', { data: null }, true],
  ['a generation of the future', annotate('generation', '999'), true],
  ['no generation', annotate('generation', null), true],
  ['the uid of another', annotate('uid', 'b0a7e2c6-0000-4000-8000-000000000000'), true],
  ['no label', { metadata: { labels: { 'penstock.dev/fragment': null } } }, false],
]

test.each(DAMAGE)(
  'a ConfigMap with %s harms no other route, and the resync mends it',
  async (...args) => {
    const [, patch, keepsServing] = args
    await client.create(apiRoutes, toGenerationRoute('damaged'))
    await client.create(apiRoutes, toGenerationRoute('damaged-2'))
    await client.patch(apiRoutes, at('damaged-2'), { spec: toGenerationRoute('damaged-2', 2).spec })
    await untilConverged(client)
    const read = (name: string) =>
      client.get<ConfigMap>(configMaps, { namespace: NAMESPACE, name: fragmentOf(name) })
    for (const name of ['damaged', 'damaged-2']) {
      const before = await read(name)
      await patchFragment(name, patch)
      const served = name === 'damaged' ? [1, 1] : [2, 2]
      if (keepsServing === true) expect(await askAll(name)).toEqual(served)
      await resync()
      await until('the ConfigMap is as it was', async () => {
        const after = await read(name)
        const strip = ({ data, metadata }: Partial<ConfigMap>) => {
          const { 'penstock.dev/timeline': _timeline, ...annotations } = metadata?.annotations ?? {}
          return JSON.stringify([data, annotations, metadata?.labels])
        }
        return strip(after ?? {}) === strip(before ?? {})
      })
    }
    await untilConverged(client, RESYNC_MS)
    expect(await askAll('damaged')).toEqual([1, 1])
    expect(await askAll('damaged-2')).toEqual([2, 2])
    // An edit still gets through.
    await client.patch(apiRoutes, at('damaged'), { spec: toGenerationRoute('damaged', 2).spec })
    await log.find('damaged', (route) => route.metadata.generation === 2 && isProgrammed(route))
    expect(await askAll('damaged')).toEqual([2, 2])
  },
)

test('a fragment that no longer says whose it is goes with its object, its event lost or not', async () => {
  await client.create(apiRoutes, toGenerationRoute('orphan'))
  await untilConverged(client)
  const read = () =>
    client.get<ConfigMap>(configMaps, { namespace: NAMESPACE, name: fragmentOf('orphan') })
  const { data, binaryData, metadata } = (await read()) ?? {}
  const { annotations, labels } = metadata ?? {}
  await client.delete(apiRoutes, at('orphan'))
  await until('it is gone', async () => (await read()) === undefined)
  const { 'penstock.dev/generation': _generation, ...rest } = annotations ?? {}
  await client.create(configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: NAMESPACE, name: fragmentOf('orphan'), annotations: rest, labels },
    data,
    binaryData,
  } as ConfigMap)
  await until('it is served', async () => (await askAll('orphan')).every((answer) => answer === 1))
  await resync()
  await until('it is gone again', async () => (await read()) === undefined)
  await untilConverged(client)
})
