import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { apiRoutes, connect, findCondition, isProgrammed } from './client.ts'
import type { Pod } from './deploy.ts'
import { deleteEcho, deployEcho } from './echo.ts'
import { deleteAllRoutes } from './editor.ts'
import { readGeneration, toGenerationRoute, VERSIONS } from './generation-route.ts'
import { apply, kubectl, until } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'
import { type Replica, toReplica } from './replicas.ts'
import { type RouteLog, watchRoutes } from './route-log.ts'

// Invariant 5: what is sent after Programmed=True is served by that generation, on every replica.

const NAME = 'programmed'
const GATEWAY_LABEL = 'app.kubernetes.io/name=gateway'
const GATEWAYS = ['--prefix', '-l', GATEWAY_LABEL]
const PODS = { group: '', version: 'v1', kind: 'Pod', plural: 'pods' }

const client = connect()
const pods = new Map<string, KubeObject & Pod>()
let log: RouteLog
let reflector: Reflector
let generation = 1

/** The replicas that are ready as of the last event: asking would take too long here. */
const ready = (): Replica[] =>
  [...pods.values()]
    .filter(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp && status.containerStatuses?.every((entry) => entry.ready),
    )
    .map(toReplica)

const watchPods = async (): Promise<Reflector> => {
  const put = (pod: KubeObject & Pod): void => void pods.set(pod.metadata.name, pod)
  const started = startReflector<KubeObject & Pod>({
    client,
    type: PODS,
    select: { namespace: NAMESPACE, labelSelector: GATEWAY_LABEL },
    onReplace(list) {
      pods.clear()
      list.forEach(put)
    },
    onChange: put,
    onDelete: ({ metadata }) => void pods.delete(metadata.name),
    onError: () => undefined,
  })
  await started.synced
  return started
}

/** Edits, waits for the promise, and at once asks every replica. @returns how many there were. */
const editAndAskAll = async (): Promise<number> => {
  generation += 1
  const { spec } = toGenerationRoute(NAME, generation)
  await client.patch(apiRoutes, { namespace: TEST_NAMESPACE, name: NAME }, { spec })
  const isIt = (route: KubeObject) => route.metadata.generation === generation
  await log.find(NAME, (route) => isIt(route) && isProgrammed(route))
  const replicas = ready()
  const served = await Promise.all(
    replicas.map(async ({ traffic, name }) => {
      const { statusCode, headers, body } = await request(`${traffic}/${NAME}`)
      const text = await body.text()
      return [name, statusCode, statusCode === 200 ? readGeneration(headers, text) : text]
    }),
  )
  const isServed = served.every(([, status]) => status === 200)
  const why = isServed ? '' : await kubectl('-n', NAMESPACE, 'logs', '--tail=20', ...GATEWAYS)
  expect(served, why).toEqual(replicas.map(({ name }) => [name, 200, generation]))
  return replicas.length
}

const scaleTo = (replicas: number): Promise<string> =>
  kubectl('-n', NAMESPACE, 'scale', 'deployment/gateway', `--replicas=${replicas}`)

beforeAll(async () => {
  await Promise.all(VERSIONS.map((version) => deployEcho(`echo-${version}`, version)))
  log = await watchRoutes(client)
  reflector = await watchPods()
  await client.create(apiRoutes, toGenerationRoute(NAME))
  await log.find(NAME, isProgrammed)
})

afterAll(async () => {
  await scaleTo(2)
  await kubectl('-n', NAMESPACE, 'rollout', 'status', 'deployment/gateway', '--timeout=120s')
  await deleteAllRoutes(client)
  await Promise.all([log.stop(), reflector.stop()])
  await Promise.all(VERSIONS.map((version) => deleteEcho(`echo-${version}`)))
  await client.close()
})

test('a request sent after Programmed is served by that generation on every replica', {
  timeout: 240_000,
}, async () => {
  const steps = [2, 3, 2]
  for (const [index, replicas] of steps.entries()) {
    if (index > 0) await scaleTo(replicas)
    // While replicas come and go, and then some more.
    await until(`${replicas} replicas`, async () => (await editAndAskAll()) === replicas)
    for (let left = 40; left > 0; left -= 1) await editAndAskAll()
  }
  expect(generation).toBeGreaterThan(120)
})

test('an edit costs at most two status writes', () => {
  const writes = [...log.statusWrites.values()]
  expect(writes.length).toBeGreaterThan(100)
  expect(Math.max(...writes)).toBeLessThanOrEqual(2)
})

test('a new generation is not called Programmed before it is', async () => {
  const route = log.routes.get(NAME)
  expect(findCondition(route, 'Accepted')).toMatchObject({ observedGeneration: generation })
  expect(findCondition(route, 'ResolvedRefs')).toMatchObject({ status: 'True' })
  // No backend by that name: served, with 500, and said so.
  const spec = { backendRefs: [{ name: 'nowhere', port: 80 }] }
  await client.patch(apiRoutes, { namespace: TEST_NAMESPACE, name: NAME }, { spec })
  generation += 1
  const after = await log.find(
    NAME,
    (seen) => seen.metadata.generation === generation && isProgrammed(seen),
  )
  expect(findCondition(after, 'ResolvedRefs')).toMatchObject({
    status: 'False',
    reason: 'BackendNotFound',
    message: 'Service nowhere not found',
  })
  await editAndAskAll()
})

test('kubectl shows it: columns, and an Event for each transition', async () => {
  const wide = await kubectl('-n', TEST_NAMESPACE, 'get', 'apiroutes', NAME)
  const [head = '', row = ''] = wide.split('\n')
  expect(head.split(/\s+/)).toEqual(
    expect.arrayContaining(['NAME', 'HOSTNAMES', 'PATH', 'ACCEPTED', 'RESOLVEDREFS', 'PROGRAMMED']),
  )
  expect(row).toMatch(new RegExp(`^${NAME}\\s+/${NAME}\\s+True\\s+True\\s+True`))
  await until('the Events are recorded', async () => {
    const text = await kubectl('-n', TEST_NAMESPACE, 'describe', 'apiroute', NAME)
    const events = text.slice(text.indexOf('Events:'))
    return (
      /Normal\s+Programmed.*penstock/.test(events) &&
      /Warning\s+BackendNotFound.*Service nowhere not found/.test(events)
    )
  })
})

test('without a ready replica nothing is called Programmed', async () => {
  await scaleTo(0)
  await until('no replica', async () => ready().length === 0)
  const name = 'programmed-nowhere'
  await apply(toGenerationRoute(name))
  const route = await log.find(name, (seen) => findCondition(seen, 'Programmed') !== undefined)
  expect(findCondition(route, 'Programmed')).toMatchObject({ status: 'False' })
  await scaleTo(2)
  await log.find(name, isProgrammed, 60_000)
})
