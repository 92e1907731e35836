import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FragmentConfigMap, readFragmentVersion } from '#config/compiled/fragment.ts'
import { forEachLimited } from '#lib/for-each.ts'
import { configMaps, type KubeObject } from '#lib/kube/types.ts'
import { apiRoutes, conditionOf, getRoute, routeObject } from '../fixtures/routes.ts'
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

const createRoutes = (from: number, to: number) =>
  forEachLimited(
    Array.from({ length: to - from }, (_, index) => from + index),
    16,
    (index) =>
      cluster.client.create(
        apiRoutes,
        routeObject(
          { name: `route-${index}`, namespace: cluster.namespace },
          {
            matches: [{ path: { value: `/cost/${index}` } }],
            backendRefs: [{ url: chain.backend }],
          },
        ),
      ),
  )

/** Every write of a fragment while `work` goes on: what was written, and how large. */
const watchWrites = async (work: () => Promise<void>) => {
  const { client, system } = cluster
  const { resourceVersion } = await client.list(configMaps, { namespace: system })
  const abort = new AbortController()
  const writes: { name: string; bytes: number }[] = []
  const last = 'fence'
  const watching = (async () => {
    const options = { namespace: system, resourceVersion, signal: abort.signal }
    for await (const { type, object } of client.watch<KubeObject>(configMaps, options)) {
      if (object.metadata.name === last) return
      if (type === 'BOOKMARK') continue
      const { data, binaryData } = object as FragmentConfigMap
      // The API server may have others' objects.
      if (readFragmentVersion(object)?.namespace !== cluster.namespace) continue
      const bytes = JSON.stringify(data ?? binaryData ?? '').length
      writes.push({ name: object.metadata.name, bytes })
    }
  })()
  await work()
  const fence = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: last, namespace: system } }
  await client.create(configMaps, fence)
  await watching
  abort.abort()
  await client.delete(configMaps, { namespace: system, name: last })
  return writes
}

let edits = 0
const editOne = async (): Promise<void> => {
  edits += 1
  const ref = { namespace: cluster.namespace, name: 'route-3' }
  const value = `/cost/edited-${String(edits).padStart(3, '0')}`
  await cluster.client.patch(apiRoutes, ref, { spec: { matches: [{ path: { value } }] } })
  await until(
    'programmed',
    async () => {
      const route = await getRoute(cluster.client, ref.namespace, ref.name)
      return conditionOf(route, 'Programmed') === 'True'
    },
    60_000,
  )
}

const allServed = (count: number) =>
  until(
    'all served',
    async () => {
      const { objects } = await chain.config()
      return objects.filter((object) => object.namespace === cluster.namespace).length === count
    },
    60_000,
  )

test('invariant 7: an edit writes one fragment of the same size beside 10 routes and 300', async () => {
  await createRoutes(0, 10)
  await allServed(10)
  const beside10 = await watchWrites(editOne)
  await createRoutes(10, 300)
  await allServed(300)
  const beside300 = await watchWrites(editOne)
  expect(beside10).toHaveLength(1)
  expect(beside300).toHaveLength(1)
  // The generation may have a digit more.
  expect(beside300[0]?.bytes).toBeLessThanOrEqual((beside10[0]?.bytes ?? 0) + 1)
  expect(beside300[0]?.name).toBe(beside10[0]?.name)
}, 120_000)

test('a resync of what is whole writes nothing', async () => {
  const writes = await watchWrites(async () => {
    await chain.resync()
    await chain.broker.idle()
  })
  expect(writes).toEqual([])
})
