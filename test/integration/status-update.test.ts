import { Registry } from '@prometheus-io/client'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { COMPILED, type Compiled, type Problem, type Served } from '#config/compiled/events.ts'
import type { RunningApp } from '#functions/runtime/serve.ts'
import { createApp } from '#functions/status-update/app.ts'
import type { FollowReplicas } from '#functions/status-update/endpoints.ts'
import type { Replica } from '#functions/status-update/replica-table.ts'
import { type Event, encodeEvent } from '#lib/cloud-event.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { events, type KubeObject } from '#lib/kube/types.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { type FakeReplica, startFakeReplica } from '../fixtures/fake-replica.ts'
import { apiRoutes, getRoute, type RouteObject, routeObject } from '../fixtures/routes.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'
import { until } from '../fixtures/until.ts'

const TOKEN = 'admin-token'

let cluster: TestCluster
let one: FakeReplica
let two: FakeReplica
let app: RunningApp
let tell: (replicas: Replica[]) => void
/** Every state of every object that the API server told, the status included. */
let history: Map<string, RouteObject[]>
let watch: Reflector
/** How often each route was read. */
let reads: Map<string, number>

beforeAll(async () => {
  cluster = await openTestCluster()
})
afterAll(() => cluster?.close())

beforeEach(async () => {
  one = await startFakeReplica('one', TOKEN)
  two = await startFakeReplica('two', TOKEN)
  history = new Map()
  reads = new Map()
  const note = (route: RouteObject) => {
    const { name } = route.metadata
    history.set(name, [...(history.get(name) ?? []), route])
  }
  watch = startReflector<RouteObject>({
    client: cluster.client,
    type: apiRoutes,
    select: { namespace: cluster.namespace },
    onReplace: (routes) => routes.forEach(note),
    onChange: note,
    onDelete: () => undefined,
    onError: () => undefined,
  })
  await watch.synced
  start([one, two])
})
afterEach(async () => {
  await app.stop()
  await watch.stop()
  const { items } = await cluster.client.list(apiRoutes, { namespace: cluster.namespace })
  for (const { metadata } of items) await cluster.client.delete(apiRoutes, at(metadata.name))
  await Promise.all([one.close(), two.close()])
})

const start = (replicas: Replica[]): void => {
  const followReplicas: FollowReplicas = (listener) => {
    tell = listener
    tell(replicas)
    return { synced: Promise.resolve(), stop: async () => undefined }
  }
  const client: KubeClient = {
    ...cluster.client,
    get(type, ref) {
      reads.set(ref.name, (reads.get(ref.name) ?? 0) + 1)
      return cluster.client.get(type, ref)
    },
  }
  app = createApp({
    client,
    token: () => TOKEN,
    log: createLog('test', 'silent'),
    registry: new Registry(),
    namespace: cluster.system,
    followReplicas,
  })
  app.start()
}

const at = (name: string) => ({ namespace: cluster.namespace, name })
const create = (name: string) =>
  cluster.client.create(
    apiRoutes,
    routeObject(at(name), { backendRefs: [{ name: 'echo', port: 80 }] }),
  )
const edit = (name: string) =>
  cluster.client.patch<RouteObject>(apiRoutes, at(name), {
    spec: { backendRefs: [{ name: `echo-${Math.random()}`.replace('0.', ''), port: 80 }] },
  })

const versionOf = ({ metadata }: RouteObject) => ({
  kind: 'APIRoute',
  namespace: cluster.namespace,
  name: metadata.name,
  uid: metadata.uid ?? '',
  generation: metadata.generation ?? 0,
})
const servedOf = (route: RouteObject, problems: Problem[] = []): Served => ({
  ...versionOf(route),
  hash: '',
  problems,
})
const compiledOf = (route: RouteObject, refusal?: string): Compiled => ({
  version: versionOf(route),
  verdict: {
    type: 'Accepted',
    status: refusal ? 'False' : 'True',
    reason: refusal ? 'UnsupportedValue' : 'Accepted',
    message: refusal ?? '',
  },
  ...(!refusal && { servedGeneration: route.metadata.generation ?? 0 }),
})

const send = async (event: Event): Promise<number> => {
  const response = await app.app.request('/', { method: 'POST', ...encodeEvent(event) })
  return response.status
}
const sendCompiled = (...objects: Compiled[]) =>
  send({ id: '1', type: COMPILED, source: '/functions/test', data: { objects } })
const resync = () => send({ id: '1', type: 'dev.penstock.resync', source: '/tests' })
const isReady = async () => (await app.app.request('/health/readiness')).status === 204

const conditionsOf = (route: RouteObject | undefined) =>
  Object.fromEntries(
    (route?.status?.conditions ?? []).map(({ type, status, reason, observedGeneration }) => [
      type,
      `${status} ${reason} ${observedGeneration}`,
    ]),
  )
const read = async (name: string) =>
  conditionsOf(await getRoute(cluster.client, cluster.namespace, name))
const becomes = (name: string, expected: Record<string, string>) =>
  until(`${name} is ${JSON.stringify(expected)}`, async () => {
    expect(await read(name)).toMatchObject(expected)
    return true
  })
/** How often the status was written, counted by what the API server told. */
const writesOf = (name: string): number =>
  new Set((history.get(name) ?? []).map((route) => JSON.stringify(route.status ?? null))).size - 1

const LIVE = (generation: number) => ({
  Accepted: `True Accepted ${generation}`,
  ResolvedRefs: `True ResolvedRefs ${generation}`,
  Programmed: `True Programmed ${generation}`,
})

test('a route is programmed only once every ready replica serves it', async () => {
  const route = await create('a')
  await sendCompiled(compiledOf(route))
  one.serve(servedOf(route))
  await send(one.reportOf(servedOf(route)))
  await becomes('a', { Accepted: 'True Accepted 1', Programmed: 'False Pending 1' })
  two.serve(servedOf(route))
  await send(two.reportOf(servedOf(route)))
  await becomes('a', LIVE(1))
  await until(
    'the watch is as far',
    () => conditionsOf(history.get('a')?.at(-1)).Programmed === LIVE(1).Programmed,
  )
  expect(writesOf('a')).toBeLessThanOrEqual(2)
})

test('an edit whose replicas answer at once costs one status write', async () => {
  const route = await create('a')
  for (const replica of [one, two]) {
    replica.serve(servedOf(route))
    await send(replica.reportOf(servedOf(route)))
  }
  await sendCompiled(compiledOf(route))
  await becomes('a', LIVE(1))
  const edited = await edit('a')
  await sendCompiled(compiledOf(edited))
  for (const replica of [one, two]) {
    replica.serve(servedOf(edited))
    await send(replica.reportOf(servedOf(edited)))
  }
  await becomes('a', LIVE(2))
  await until(
    'the watch is as far',
    () => conditionsOf(history.get('a')?.at(-1)).Programmed === LIVE(2).Programmed,
  )
  // The edit itself leaves the status as it was.
  expect(writesOf('a')).toBe(2)
})

test('what is live already is not read again when its compile function is heard last', async () => {
  const route = await create('a')
  for (const replica of [one, two]) {
    replica.serve(servedOf(route))
    await send(replica.reportOf(servedOf(route)))
  }
  await becomes('a', LIVE(1))
  // What the start set off is over.
  await resync()
  const before = reads.get('a')
  const other = await create('b')
  await sendCompiled(compiledOf(route), compiledOf(other, 'no'))
  await becomes('b', { Accepted: 'False UnsupportedValue 1' })
  expect(reads.get('a')).toBe(before)
})

test('a replica that was asked has only those objects looked at that it speaks of', async () => {
  const [first, second] = [await create('a'), await create('b')]
  await sendCompiled(compiledOf(first), compiledOf(second))
  await becomes('a', { Programmed: 'False Pending 1' })
  await becomes('b', { Programmed: 'False Pending 1' })
  const before = reads.get('b')
  for (const replica of [one, two]) {
    replica.serve(servedOf(first))
    await send(replica.announcement())
  }
  await becomes('a', LIVE(1))
  expect(reads.get('b')).toBe(before)
})

test('an edit of what is live leaves no Event when it is live again', async () => {
  const listEvents = async () => {
    const { items } = await cluster.client.list<KubeObject & { message: string }>(events, {
      namespace: cluster.namespace,
      fieldSelector: 'involvedObject.name=quiet',
    })
    return items.map(({ message }) => message)
  }
  const goLive = async (route: RouteObject) => {
    for (const replica of [one, two]) {
      replica.serve(servedOf(route))
      await send(replica.reportOf(servedOf(route)))
    }
    await becomes('quiet', LIVE(route.metadata.generation ?? 0))
  }
  await goLive(await create('quiet'))
  await goLive(await edit('quiet'))
  const refused = await edit('quiet')
  await sendCompiled(compiledOf(refused, 'generation 3: no'))
  await until('what went wrong is told', async () =>
    (await listEvents()).includes('generation 3: no'),
  )
  expect(await listEvents()).not.toContain('generation 2 is live')
})

test('what is repeated, late or out of order changes nothing', async () => {
  const route = await create('a')
  const first = [compiledOf(route), servedOf(route)] as const
  const edited = await edit('a')
  for (const replica of [one, two]) replica.serve(servedOf(edited))
  await send(two.reportOf(servedOf(edited)))
  await send(one.reportOf(servedOf(edited)))
  await sendCompiled(compiledOf(edited))
  await becomes('a', LIVE(2))
  const before = (await getRoute(cluster.client, cluster.namespace, 'a')) as RouteObject
  const { metadata, status } = before
  await sendCompiled(first[0])
  await send(one.reportOf(first[1]))
  await sendCompiled(compiledOf(edited))
  await send(one.reportOf(servedOf(edited)))
  await resync()
  const after = (await getRoute(cluster.client, cluster.namespace, 'a')) as RouteObject
  expect(after.status).toEqual(status)
  expect(after.metadata.resourceVersion).toBe(metadata.resourceVersion)
})

test('a refusal is written at once, with its reason, and shown as an Event', async () => {
  const route = await create('a')
  await sendCompiled(compiledOf(route, 'spec.matches[0]: no'))
  await becomes('a', { Accepted: 'False UnsupportedValue 1', Programmed: 'False Invalid 1' })
  await until('an Event', async () => {
    const { items } = await cluster.client.list<KubeObject & { reason: string; message: string }>(
      events,
      { namespace: cluster.namespace },
    )
    return items.some(
      ({ reason, message }) => `${reason} ${message}` === 'UnsupportedValue spec.matches[0]: no',
    )
  })
})

test('a problem of one replica is told, and when it is gone that is told too', async () => {
  const route = await create('a')
  const problem = { reason: 'BackendNotFound', message: 'no Service echo' }
  one.serve(servedOf(route))
  two.serve(servedOf(route, [problem]))
  await send(one.reportOf(servedOf(route)))
  await send(two.reportOf(servedOf(route, [problem])))
  await becomes('a', { ResolvedRefs: 'False BackendNotFound 1', Programmed: 'True Programmed 1' })
  two.serve(servedOf(route))
  await send(two.reportOf(servedOf(route)))
  await becomes('a', LIVE(1))
})

test.each(['wrongly', 'never'] as const)(
  'a replica that answers %s keeps neither this function nor the other replicas waiting',
  async (answering) => {
    await app.stop()
    two.answering = answering
    const route = await create('a')
    one.serve(servedOf(route))
    start([one, two])
    await until('it is ready', isReady, 2000)
    await until('the good one was asked', () => one.asked > 0, 2000)
    await sendCompiled(compiledOf(route))
    await becomes('a', { Accepted: 'True Accepted 1', Programmed: 'False Pending 1' })
    tell([one])
    await becomes('a', LIVE(1))
  },
)

test('a resync is done although one replica answers wrongly', async () => {
  const route = await create('a')
  one.serve(servedOf(route))
  two.answering = 'wrongly'
  expect(await resync()).toBe(204)
  await becomes('a', { Accepted: 'True Accepted 1', Programmed: 'False Pending 1' })
})

test('another replica at the same address is not taken for it', async () => {
  const route = await create('a')
  one.serve(servedOf(route))
  tell([one, { name: 'three', url: one.url }])
  await sendCompiled(compiledOf(route))
  await becomes('a', { Accepted: 'True Accepted 1', Programmed: 'False Pending 1' })
})

test('without replicas it says so, and the first one that comes is asked', async () => {
  tell([])
  const route = await create('a')
  await sendCompiled(compiledOf(route))
  await becomes('a', { Programmed: 'False NoReplicas 1' })
  one.serve(servedOf(route))
  tell([one])
  await becomes('a', LIVE(1))
})

test('a report that was lost is asked for, of the replica that lacks it', async () => {
  const route = await create('a')
  await until('both were asked at the start', () => one.asked > 0 && two.asked > 0)
  one.serve(servedOf(route))
  await send(one.reportOf(servedOf(route)))
  await resync()
  const before = one.asked
  two.serve(servedOf(route))
  await sendCompiled(compiledOf(route))
  await becomes('a', LIVE(1))
  expect(one.asked).toBe(before)
})

test('a replica that was restarted is asked, and its earlier reports no longer count', async () => {
  tell([one])
  const route = await create('a')
  one.serve(servedOf(route))
  const late = one.reportOf(servedOf(route))
  await send(late)
  await becomes('a', LIVE(1))
  const edited = await edit('a')
  await sendCompiled(compiledOf(edited))
  one.restart()
  one.serve(servedOf(edited))
  await send(one.announcement())
  await becomes('a', LIVE(2))
  await send(late)
  const again = await edit('a')
  await sendCompiled(compiledOf(again))
  one.serve(servedOf(again))
  await send(one.reportOf(servedOf(again)))
  await becomes('a', LIVE(3))
})

test('a function that was restarted leaves good statuses alone and mends the others', async () => {
  const good = await create('good')
  for (const replica of [one, two]) replica.serve(servedOf(good))
  await resync()
  await becomes('good', LIVE(1))
  const before = await getRoute(cluster.client, cluster.namespace, 'good')
  await app.stop()
  const missed = await create('missed')
  for (const replica of [one, two]) replica.serve(servedOf(missed))
  start([one, two])
  await becomes('missed', LIVE(1))
  expect(
    (await getRoute(cluster.client, cluster.namespace, 'good'))?.metadata.resourceVersion,
  ).toBe(before?.metadata.resourceVersion)
})

test('an object that is gone, or was never there, is no failure', async () => {
  const route = await create('a')
  await cluster.client.delete(apiRoutes, at('a'))
  expect(await sendCompiled(compiledOf(route))).toBe(204)
  expect(await send(one.reportOf(servedOf(route)))).toBe(204)
  expect(await resync()).toBe(204)
})

test.each<[string, Event]>([
  ['another type', { id: '1', type: 'dev.example.other', source: '/a', data: {} }],
  ['a batch of another shape', { id: '1', type: COMPILED, source: '/a', data: { objects: 7 } }],
  ['a report of another shape', { id: '1', type: 'dev.penstock.gateway.programmed', source: '/a' }],
])('an event of %s is refused for good', async (_, event) => {
  expect(await send(event)).toBe(400)
})
