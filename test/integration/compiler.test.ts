import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Compiled } from '#config/compiled/events.ts'
import {
  decodeFragment,
  type Fragment,
  type FragmentConfigMap,
  type FragmentOf,
  fragmentName,
  readTimeline,
} from '#config/compiled/fragment.ts'
import { compileRoute } from '#functions/route-compile/compile.ts'
import { type Compiler, createCompiler } from '#functions/runtime/compiler.ts'
import { createFragmentStore, type FragmentStore } from '#functions/runtime/fragment-store.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { KubeError } from '#lib/kube/error.ts'
import { configMaps, type KubeObject, type ResourceType } from '#lib/kube/types.ts'
import { apiRoutes, type RouteObject, routeObject } from '../fixtures/routes.ts'
import { openTestCluster, type TestCluster } from '../fixtures/test-cluster.ts'

const KIND = 'APIRoute'
let cluster: TestCluster

beforeAll(async () => {
  cluster = await openTestCluster()
})
afterAll(() => cluster?.close())

/** Runs before the next call of that kind, as what another client does just then. */
let interferences: Map<string, () => Promise<unknown>>
let calls: string[]
let errors: string[]
let store: FragmentStore
let compiler: Compiler

/** The client, whose calls are counted and can be raced. */
const createRacedClient = (): KubeClient => {
  const raced =
    <A extends [ResourceType, ...never[]], R>(verb: string, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const name = `${verb} ${args[0].plural}`
      calls.push(name)
      const interference = interferences.get(name)
      interferences.delete(name)
      await interference?.()
      return call(...args)
    }
  const { client } = cluster
  return {
    ...client,
    get: raced('get', client.get),
    list: raced('list', client.list),
    create: raced('create', client.create),
    replace: raced('replace', client.replace),
    delete: raced('delete', client.delete),
  } as KubeClient
}

const start = (compile = compileRoute): Compiler => {
  const client = createRacedClient()
  store = createFragmentStore(client, cluster.system)
  return createCompiler<Fragment>({
    client,
    store,
    type: apiRoutes,
    kind: KIND,
    compile,
    onError: ({ name }, error) => errors.push(`${name}: ${error}`),
  })
}

beforeEach(() => {
  interferences = new Map()
  calls = []
  errors = []
  compiler = start()
})
afterEach(async () => {
  const { items } = await cluster.client.list(apiRoutes, { namespace: cluster.namespace })
  for (const { metadata } of items) await remove(metadata.name)
  await compiler.resync()
  expect(errors).toEqual([])
})

const ref = (name: string) => ({ kind: KIND, namespace: cluster.namespace, name })
const good = (path = '/') => ({
  matches: [{ path: { value: path } }],
  backendRefs: [{ name: 'echo', port: 80 }],
})
/** The CRD lets it through. */
const bad = () => good('/a%41')
const create = (name: string, spec: Record<string, unknown> = good()) =>
  cluster.client.create(apiRoutes, routeObject({ name, namespace: cluster.namespace }, spec))
const edit = (name: string, spec: Record<string, unknown>) =>
  cluster.client.patch<RouteObject>(apiRoutes, ref(name), { spec })
const remove = (name: string) => cluster.client.delete(apiRoutes, ref(name))

const readConfigMap = (name: string) =>
  cluster.client.get<FragmentConfigMap & KubeObject>(configMaps, {
    namespace: cluster.system,
    name: fragmentName(ref(name)),
  })
const stored = async (name: string): Promise<FragmentOf<'APIRoute'> | undefined> => {
  const configMap = await readConfigMap(name)
  const fragment = configMap && decodeFragment(configMap)
  return fragment?.kind === 'APIRoute' ? fragment : undefined
}
const pathOf = async (name: string) => (await stored(name))?.spec.matches[0]?.path.value

test('an object is compiled, stored, and reported', async () => {
  const { metadata } = await create('a', good('/a'))
  const [compiled] = await compiler.reconcile(ref('a'))
  const { uid = '', creationTimestamp } = metadata
  expect(compiled).toEqual({
    version: { ...ref('a'), uid, generation: 1 },
    verdict: { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' },
    servedGeneration: 1,
  })
  expect(await stored('a')).toMatchObject({
    ...ref('a'),
    uid,
    generation: 1,
    createdAt: creationTimestamp,
  })
  expect(calls).toEqual(['get apiroutes', 'create configmaps'])
})

test('an edit costs one read and one write, and status changes nothing', async () => {
  await create('a')
  await compiler.reconcile(ref('a'))
  const { metadata } = await edit('a', good('/b'))
  calls = []
  const { uid = '', resourceVersion = '' } = metadata
  await compiler.reconcile({ ...ref('a'), seen: { uid, generation: 2, resourceVersion } })
  expect(calls).toEqual(['get apiroutes', 'replace configmaps'])
  expect(await pathOf('a')).toBe('/b')
  calls = []
  expect(
    await compiler.reconcile({ ...ref('a'), seen: { uid, generation: 2, resourceVersion } }),
  ).toEqual([])
  expect(
    await compiler.reconcile({ ...ref('a'), seen: { uid, generation: 1, resourceVersion } }),
  ).toEqual([])
  expect(calls).toEqual([])
})

test('events of an object at once are worked on at most twice', async () => {
  await create('a')
  const results = await Promise.all(Array.from({ length: 20 }, () => compiler.reconcile(ref('a'))))
  expect(results.flat()).toHaveLength(20)
  expect(calls.filter((call) => call === 'get apiroutes')).toHaveLength(2)
  expect(calls.filter((call) => call === 'create configmaps')).toHaveLength(1)
})

test('the timeline of an event rides along, also when it comes during a run', async () => {
  await create('a', good('/1'))
  let second: Promise<unknown> | undefined
  interferences.set('create configmaps', async () => {
    await edit('a', good('/2'))
    second = compiler.reconcile(ref('a'), { sent: 2, received: 3, traceparent: 'two' })
  })
  await compiler.reconcile(ref('a'), { sent: 1, received: 2, traceparent: 'one' })
  await second
  const configMap = await readConfigMap('a')
  expect(configMap && readTimeline(configMap)).toEqual({
    sent: 2,
    received: 3,
    read: expect.any(Number),
    traceparent: 'two',
  })
})

test('the object is always read, whatever the event says', async () => {
  await create('a', good('/new'))
  await compiler.reconcile({
    ...ref('a'),
    seen: { uid: 'other', generation: 99, resourceVersion: '1' },
  })
  expect(await pathOf('a')).toBe('/new')
})

test('an object that is gone loses its fragment, and twice is once', async () => {
  await create('a')
  await compiler.reconcile(ref('a'))
  await remove('a')
  expect(await compiler.reconcile(ref('a'))).toEqual([])
  expect(await stored('a')).toBeUndefined()
  expect(await compiler.reconcile(ref('a'))).toEqual([])
  expect(await compiler.reconcile(ref('never'))).toEqual([])
})

test('what does not compile leaves the last good form, and says which one', async () => {
  await create('a', good('/good'))
  await compiler.reconcile(ref('a'))
  await edit('a', bad())
  const [compiled] = await compiler.reconcile(ref('a'))
  expect(compiled).toMatchObject({
    version: { generation: 2 },
    verdict: { status: 'False', reason: 'UnsupportedValue' },
    servedGeneration: 1,
  })
  expect(compiled?.verdict.message).toMatch(/^spec\.matches\[0\]\.path\.value: /)
  expect(await pathOf('a')).toBe('/good')
})

test('a bad object that replaces a deleted one does not serve in its name', async () => {
  await create('a', good('/old'))
  await compiler.reconcile(ref('a'))
  await remove('a')
  await create('a', bad())
  const [compiled] = await compiler.reconcile(ref('a'))
  expect(compiled?.verdict.status).toBe('False')
  expect(compiled).not.toHaveProperty('servedGeneration')
  expect(await stored('a')).toBeUndefined()
})

test('what is too large is refused, and the last good form stays', async () => {
  await create('a', good('/good'))
  await compiler.reconcile(ref('a'))
  compiler = start((object) => {
    const result = compileRoute(object)
    if (!result.ok) return result
    const hostnames = Array.from({ length: 150_000 }, () => Math.random().toString(36))
    return { ok: true, spec: { ...result.spec, hostnames } }
  })
  await edit('a', good('/large'))
  const [compiled] = await compiler.reconcile(ref('a'))
  expect(compiled).toMatchObject({
    verdict: { status: 'False', reason: 'TooLarge' },
    servedGeneration: 1,
  })
  expect(await pathOf('a')).toBe('/good')
  compiler = start()
})

test('an object that is edited between read and write ends in its newest form', async () => {
  await create('a', good('/1'))
  await compiler.reconcile(ref('a'))
  await edit('a', good('/2'))
  const other = start()
  interferences.set('replace configmaps', async () => {
    await edit('a', good('/3'))
    await other.reconcile(ref('a'))
  })
  const [compiled] = await compiler.reconcile(ref('a'))
  expect(compiled?.version.generation).toBe(3)
  expect(await pathOf('a')).toBe('/3')
})

test('a newer generation that is stored already is never replaced', async () => {
  await create('a', good('/1'))
  await compiler.reconcile(ref('a'))
  const first = await stored('a')
  await edit('a', good('/2'))
  await start().reconcile(ref('a'))
  const fresh = createFragmentStore(cluster.client, cluster.system)
  expect(await fresh.put({ ...(first as Fragment) }, {})).toBe('moved')
  expect(await pathOf('a')).toBe('/2')
})

test('a first write that finds another there reads the object again', async () => {
  await create('a', good('/1'))
  const other = start()
  interferences.set('create configmaps', async () => {
    await edit('a', good('/2'))
    await other.reconcile(ref('a'))
  })
  const [compiled] = await compiler.reconcile(ref('a'))
  expect(compiled?.version.generation).toBe(2)
  expect(await pathOf('a')).toBe('/2')
})

test('an object that is recreated between read and write is not served in its old form', async () => {
  await create('a', good('/old'))
  await edit('a', good('/older'))
  const other = start()
  compiler = start()
  interferences.set('get configmaps', async () => {
    await remove('a')
    await create('a', good('/recreated'))
    await other.reconcile(ref('a'))
  })
  const [compiled] = await compiler.reconcile(ref('a'))
  expect(compiled?.version.generation).toBe(1)
  expect(await pathOf('a')).toBe('/recreated')
})

test('a fragment that somebody deleted is written again', async () => {
  await create('a', good('/1'))
  await compiler.reconcile(ref('a'))
  await cluster.client.delete(configMaps, {
    namespace: cluster.system,
    name: fragmentName(ref('a')),
  })
  await edit('a', good('/2'))
  await compiler.reconcile(ref('a'))
  expect(await pathOf('a')).toBe('/2')
})

test('an object that is recreated while its fragment is deleted keeps the new one', async () => {
  await create('a', good('/old'))
  await compiler.reconcile(ref('a'))
  await remove('a')
  const other = start()
  interferences.set('delete configmaps', async () => {
    await create('a', good('/new'))
    await other.reconcile(ref('a'))
  })
  await compiler.reconcile(ref('a'))
  expect(await pathOf('a')).toBe('/new')
})

test('a resync compiles what differs, removes what is gone, and touches nothing else', async () => {
  for (const name of ['same', 'edited', 'gone', 'recreated']) await create(name, good(`/${name}`))
  await compiler.resync()
  await edit('edited', good('/edited-2'))
  await remove('gone')
  await remove('recreated')
  await create('recreated', good('/recreated-2'))
  await create('new', good('/new'))
  calls = []
  const compiled = await compiler.resync()
  expect(compiled.map(({ version }) => version.name).sort()).toEqual(['edited', 'new', 'recreated'])
  expect(calls.filter((call) => call === 'list apiroutes')).toHaveLength(1)
  expect(calls.filter((call) => call === 'get apiroutes')).toHaveLength(4)
  expect(await stored('gone')).toBeUndefined()
  expect(await pathOf('recreated')).toBe('/recreated-2')
  calls = []
  expect(await compiler.resync()).toEqual([])
  expect(calls).toEqual(['list configmaps', 'list apiroutes'])
})

test('a resync tells again of what does not compile: its first word may be lost', async () => {
  await create('a', bad())
  expect(await compiler.resync()).toHaveLength(1)
  expect(await compiler.resync()).toHaveLength(1)
})

test('one object that fails does not keep a resync from the others', async () => {
  for (const name of ['a', 'broken', 'z']) await create(name, good(`/${name}`))
  compiler = start((object) => {
    if (object.metadata.name === 'broken') throw new Error('a bug')
    return compileRoute(object)
  })
  const compiled = await compiler.resync()
  expect(compiled.map(({ version }) => version.name).sort()).toEqual(['a', 'z'])
  expect(errors.splice(0)).toEqual(['broken: Error: a bug'])
  compiler = start()
})

/** The API server may have others' objects. */
const isOwn = ({ version }: Compiled) => version.namespace === cluster.namespace

test('another version of the function compiles everything anew at its first resync', async () => {
  await create('a', good('/a'))
  await compiler.resync()
  compiler = start((object) => {
    const result = compileRoute(object)
    return result.ok ? { ok: true, spec: { ...result.spec, hostnames: ['new.example'] } } : result
  })
  expect((await compiler.resync()).filter(isOwn)).toHaveLength(1)
  expect((await stored('a'))?.spec.hostnames).toEqual(['new.example'])
  expect((await compiler.resync()).filter(isOwn)).toEqual([])
})

test('what somebody else wrote into a fragment is mended', async () => {
  await create('a', good('/a'))
  await compiler.resync()
  const foreign = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: cluster.system, name: fragmentName(ref('a')) },
    data: { 'fragment.json': '{}' },
  }
  await cluster.client.apply(configMaps, foreign, { fieldManager: 'somebody' })
  await expect(pathOf('a')).rejects.toThrow()
  await compiler.resync()
  expect(await pathOf('a')).toBe('/a')
})

test('what somebody else owned a part of is mended once, and then left alone', async () => {
  await create('a', good('/a'))
  await compiler.resync()
  const before = await readConfigMap('a')
  // Like a restored backup: somebody owns the labels, and goes on to, for they do not change.
  const owner = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      namespace: cluster.system,
      name: fragmentName(ref('a')),
      labels: before?.metadata.labels ?? {},
    },
  }
  await cluster.client.apply(configMaps, owner, { fieldManager: 'somebody' })
  await compiler.resync()
  calls = []
  await compiler.resync()
  expect(calls.filter((call) => !call.startsWith('list'))).toEqual([])
})

test('what the first resync failed to write is written by the next', async () => {
  await create('a', good('/a'))
  await compiler.resync()
  // Another version of the function compiles it to something else.
  compiler = start((object) => {
    const result = compileRoute(object)
    if (!result.ok) return result
    return { ok: true, spec: { ...result.spec, hostnames: ['new.example.com'] } }
  })
  interferences.set('replace configmaps', async () => {
    throw new KubeError('too busy', { status: 500, reason: 'InternalError' })
  })
  await compiler.resync()
  expect(errors.splice(0)).toHaveLength(1)
  expect((await stored('a'))?.spec.hostnames).toEqual([])
  await compiler.resync()
  expect((await stored('a'))?.spec.hostnames).toEqual(['new.example.com'])
})

test('a function that knows nothing leaves the fragment of an object created meanwhile', async () => {
  const other = start()
  compiler = start()
  interferences.set('get configmaps', async () => {
    await create('a', good('/new'))
    await other.reconcile(ref('a'))
  })
  // Its object was seen to be missing before it was created.
  await compiler.reconcile(ref('a'))
  expect(await pathOf('a')).toBe('/new')
})

test.each([
  ['an older version', { generation: 1 }],
  ['a deletion', undefined],
])(
  'two events of an object at once end with its newest version, the later of %s',
  async (_, late) => {
    const { metadata } = await create('a', good('/1'))
    const { uid = '', resourceVersion = '' } = metadata
    let pending: Promise<unknown>[] = []
    interferences.set('create configmaps', async () => {
      const edited = await edit('a', good('/2'))
      const newest = { uid, generation: 2, resourceVersion: edited.metadata.resourceVersion ?? '' }
      const older = late && { seen: { uid, ...late, resourceVersion } }
      pending = [
        compiler.reconcile({ ...ref('a'), seen: newest }),
        compiler.reconcile({ ...ref('a'), ...older }),
      ]
    })
    await compiler.reconcile(ref('a'))
    await Promise.all(pending)
    expect(await pathOf('a')).toBe('/2')
  },
)
