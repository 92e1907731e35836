import { afterAll, beforeAll, expect, test } from 'vitest'
import { events, type KubeObject } from '#lib/kube/types.ts'
import {
  apiRoutes,
  conditionOf,
  getRoute,
  type RouteObject,
  routeObject,
} from '../fixtures/routes.ts'
import { startTestChain, type TestChain } from '../fixtures/test-chain.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'
import { until } from '../fixtures/until.ts'

let cluster: TestCluster
let chain: TestChain

beforeAll(async () => {
  cluster = await openTestCluster()
  chain = await startTestChain(cluster)
})
afterAll(async () => {
  await chain?.stop()
  await cluster?.close()
})

const create = (name: string, spec: Record<string, unknown>) =>
  cluster.client.create(apiRoutes, routeObject({ name, namespace: cluster.namespace }, spec))

const patch = (name: string, spec: Record<string, unknown>) =>
  cluster.client.patch<RouteObject>(apiRoutes, { namespace: cluster.namespace, name }, { spec })

const read = (name: string) => getRoute(cluster.client, cluster.namespace, name)

const programmed = (name: string) =>
  until(`${name} is programmed`, async () => {
    const route = await read(name)
    return conditionOf(route, 'Programmed') === 'True' && route
  })

const to = () => [{ url: chain.backend }]
const prefix = (value: string) => [{ path: { type: 'PathPrefix', value } }]

test('a route is served, and its status says so', async () => {
  await create('first', { matches: prefix('/first'), backendRefs: to() })
  const route = await programmed('first')
  expect((await chain.get('/first/x?a=1')).body).toContain('"path":"/first/x?a=1"')
  expect(conditionOf(route, 'Accepted')).toBe('True')
  expect(conditionOf(route, 'ResolvedRefs')).toBe('True')
  expect(route.status?.observedGeneration).toBe(1)
})

test('an edit replaces what was served', async () => {
  await create('edited', { matches: prefix('/before'), backendRefs: to() })
  await programmed('edited')
  await patch('edited', { matches: prefix('/after') })
  await programmed('edited')
  expect((await chain.get('/after')).status).toBe(200)
  expect((await chain.get('/before')).status).toBe(404)
})

test('a deleted route is served no longer', async () => {
  await create('gone', { matches: prefix('/gone'), backendRefs: to() })
  await programmed('gone')
  await cluster.client.delete(apiRoutes, { namespace: cluster.namespace, name: 'gone' })
  await until('404', async () => (await chain.get('/gone')).status === 404)
})

test('what cannot be compiled is refused with its field, and the old version goes on', async () => {
  await create('broken', { matches: prefix('/broken'), backendRefs: to() })
  await programmed('broken')
  await patch('broken', { matches: [{ path: { type: 'RegularExpression', value: '(' } }] })
  const route = await until('refused', async () => {
    const found = await read('broken')
    return conditionOf(found, 'Accepted') === 'False' && found
  })
  const byType = new Map(route.status?.conditions?.map((entry) => [entry.type, entry]))
  expect(byType.get('Accepted')?.message).toContain('spec.matches[0].path.value')
  expect(byType.get('Programmed')).toMatchObject({
    status: 'False',
    reason: 'Invalid',
    message: 'generation 1 is still served',
  })
  expect((await chain.get('/broken')).status).toBe(200)
})

test('a Service that appears resolves the routes that name it', async () => {
  const backendRefs = [{ name: 'late', port: 80 }]
  await create('waiting', { matches: prefix('/waiting'), backendRefs })
  const route = await programmed('waiting')
  expect(conditionOf(route, 'ResolvedRefs')).toBe('False')
  expect((await chain.get('/waiting')).status).toBe(500)
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'late', namespace: cluster.namespace },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port: 80 }] },
  }
  await cluster.client.create(
    { group: '', version: 'v1', kind: 'Service', plural: 'services' },
    service,
  )
  await until('resolved', async () => conditionOf(await read('waiting'), 'ResolvedRefs') === 'True')
})

test('an edit costs at most two status writes, and going live leaves an Event', async () => {
  await create('counted', { matches: prefix('/counted'), backendRefs: to() })
  const before = await programmed('counted')
  const abort = new AbortController()
  const versions = new Set<string>()
  const watching = (async () => {
    const options = {
      namespace: cluster.namespace,
      resourceVersion: before.metadata.resourceVersion ?? '',
      signal: abort.signal,
    }
    for await (const { object } of cluster.client.watch<KubeObject>(apiRoutes, options)) {
      const { name, resourceVersion = '' } = object.metadata
      if (name === 'counted') versions.add(resourceVersion)
      if (name === 'last') return
    }
  })()
  await patch('counted', { matches: prefix('/counted2') })
  await programmed('counted')
  // Its status comes after anything that is still to be written of the other.
  await create('last', { matches: prefix('/last'), backendRefs: to() })
  await programmed('last')
  await watching
  abort.abort()
  // The edit itself is one of them.
  expect(versions.size).toBeGreaterThanOrEqual(2)
  expect(versions.size).toBeLessThanOrEqual(3)
  await until('an Event', async () => {
    const { items } = await cluster.client.list<KubeObject & { message: string }>(events, {
      namespace: cluster.namespace,
      fieldSelector: 'involvedObject.name=counted',
    })
    return items.some(({ message }) => message.includes('generation 1 is live'))
  })
})
