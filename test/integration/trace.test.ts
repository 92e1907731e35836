import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FragmentConfigMap, fragmentName, readTimeline } from '#config/compiled/fragment.ts'
import { createProgrammedReporter } from '#gateway/report/programmed-reporter.ts'
import { encodeEvent } from '#lib/cloud-event.ts'
import { configMaps, type KubeObject } from '#lib/kube/types.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { apiRoutes, routeObject } from '../fixtures/routes.ts'
import { startTestChain, type TestChain } from '../fixtures/test-chain.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'
import { until } from '../fixtures/until.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

let cluster: TestCluster
let chain: TestChain

beforeAll(async () => {
  cluster = await openTestCluster()
  chain = await startTestChain(cluster, { source: false })
})
afterAll(async () => {
  await chain?.stop()
  await cluster?.close()
})

test('the replica that serves an edit reports it under the trace of the edit', async () => {
  const reports: (string | undefined)[] = []
  const reporter = createProgrammedReporter({
    replica: 'traced',
    publish: async ({ headers }) => void reports.push(headers.traceparent),
    log: createLog('test', 'silent'),
  })
  const version = { kind: 'APIRoute', namespace: 'a', name: 'b', uid: 'c', generation: 1 }
  reporter.add({ ...version, hash: '', problems: [] }, TRACE)
  await until('reported', () => reports.length === 1)
  await reporter.stop()
  expect(reports).toEqual([TRACE])
})

test('an edit carries its trace and its times from the source to the gateway', async () => {
  const key = { kind: 'APIRoute', namespace: cluster.namespace, name: 'traced' }
  const { namespace, name } = key
  const object = await cluster.client.create(
    apiRoutes,
    routeObject({ namespace, name }, { backendRefs: [{ url: chain.backend }] }),
  )
  const begin = Date.now()
  await chain.broker.publish(
    encodeEvent({
      id: '1',
      type: 'dev.knative.apiserver.resource.add',
      source: '/tests',
      traceparent: TRACE,
      extensions: key,
      data: object,
    }),
  )
  const configMap = await until('it is compiled', () =>
    cluster.client.get<FragmentConfigMap & KubeObject>(configMaps, {
      namespace: cluster.system,
      name: fragmentName(key),
    }),
  )
  const { sent = 0, received = 0, read = 0, traceparent } = readTimeline(configMap)
  expect(traceparent).toBe(TRACE)
  const times = [begin, sent, received, read, Date.now()]
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})
