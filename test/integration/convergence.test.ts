import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RESOURCE_PREFIX } from '#config/compiled/events.ts'
import { hashSpec } from '#config/compiled/fragment.ts'
import { compileRoute } from '#functions/route-compile/compile.ts'
import { encodeEvent } from '#lib/cloud-event.ts'
import { apiRoutes, type RouteObject, routeObject } from '../fixtures/routes.ts'
import { startTestChain, type TestChain } from '../fixtures/test-chain.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'
import { until } from '../fixtures/until.ts'

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

type Edit =
  | { do: 'put'; name: string; path: string; valid: boolean }
  | { do: 'delete'; name: string }

/** What happens to the event of an edit on its way. */
type Fate = 'lost' | 'once' | 'twice' | 'late'

const name = fc.constantFrom('a', 'b', 'c', 'd')
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      name,
      path: fc.constantFrom('/x', '/y', '/x/y', '/z'),
      valid: fc.constantFrom(true, true, false),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
)
const fate: fc.Arbitrary<Fate> = fc.constantFrom('lost', 'once', 'twice', 'late')

const toSpec = ({ path, valid }: Edit & { do: 'put' }) => ({
  matches: [
    {
      path: valid ? { type: 'PathPrefix', value: path } : { type: 'RegularExpression', value: '(' },
    },
  ],
  backendRefs: [{ url: 'http://backend.example.com' }],
})

/** Makes the edit. @returns the object as the source would have seen it. */
const apply = async (step: Edit): Promise<RouteObject | undefined> => {
  const { client, namespace } = cluster
  const before = await client.get<RouteObject>(apiRoutes, { namespace, name: step.name })
  if (step.do === 'delete') {
    await client.delete(apiRoutes, { namespace, name: step.name })
    return before
  }
  const object = routeObject({ name: step.name, namespace }, toSpec(step))
  if (!before) return client.create(apiRoutes, object)
  return client.patch(apiRoutes, { namespace, name: step.name }, { spec: object.spec })
}

const toMessage = (verb: string, object: RouteObject) =>
  encodeEvent({
    id: `${object.metadata.uid}-${object.metadata.resourceVersion}-${verb}`,
    type: `${RESOURCE_PREFIX}${verb}`,
    source: '/test',
    data: object,
    extensions: { kind: 'APIRoute', namespace: cluster.namespace, name: object.metadata.name },
  })

/** The served table, from scratch: what each object compiles to. */
const compileAll = async () => {
  const { items } = await cluster.client.list<RouteObject>(apiRoutes, {
    namespace: cluster.namespace,
  })
  return new Map(
    items.map((object) => {
      const result = compileRoute(object)
      const { uid, generation, name: objectName } = object.metadata
      const hash = result.ok ? hashSpec(result.spec) : undefined
      return [objectName, { uid, generation, hash }]
    }),
  )
}

const isConverged = async (): Promise<boolean> => {
  const expected = await compileAll()
  const { objects } = await chain.config()
  const own = objects.filter((object) => object.namespace === cluster.namespace)
  const served = new Map(own.map((object) => [object.name, object]))
  for (const object of served.values()) if (!expected.has(object.name)) return false
  for (const [objectName, { uid, generation, hash }] of expected) {
    const found = served.get(objectName)
    if (hash === undefined) {
      // What does not compile is served in its last good form, if there was one.
      if (found && found.uid !== uid) return false
    } else if (found?.uid !== uid || found?.generation !== generation || found?.hash !== hash) {
      return false
    }
  }
  return true
}

/** Makes the edits and sends their events as fate has it. */
const play = async (steps: readonly [Edit, Fate][]): Promise<void> => {
  const late: ReturnType<typeof toMessage>[] = []
  for (const [step, what] of steps) {
    const object = await apply(step)
    if (!object || what === 'lost') continue
    const message = toMessage(step.do === 'delete' ? 'delete' : 'update', object)
    if (what === 'late') late.unshift(message)
    else await chain.broker.publish(message)
    if (what === 'twice') await chain.broker.publish(message)
  }
  for (const message of late) await chain.broker.publish(message)
  await chain.broker.idle()
}

test('invariant 1: after lost, repeated and late events one resync makes the table whole', async () => {
  const steps = fc.array(fc.tuple(edit, fate), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      await play(played)
      await chain.resync()
      await chain.broker.idle()
      await until('the table compiled from scratch', isConverged, 5000)
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('a lost event stays lost without a resync', async () => {
  const { client, namespace } = cluster
  const spec = { matches: [{ path: { value: '/lost' } }], backendRefs: [{ url: chain.backend }] }
  await client.create(apiRoutes, routeObject({ name: 'lost', namespace }, spec))
  await chain.broker.idle()
  expect(await isConverged()).toBe(false)
  await chain.resync()
  await until('found by the resync', isConverged)
})
