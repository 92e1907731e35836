import { request } from 'undici'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { retry } from '#lib/retry.ts'
import { createResync } from './broker.ts'
import { apiRoutes, connect, type Route } from './client.ts'
import { untilConverged } from './converged.ts'
import { deleteEcho, deployEcho } from './echo.ts'
import { createEditor, deleteAllRoutes, type Editor } from './editor.ts'
import { readGeneration, toGenerationRoute, VERSIONS } from './generation-route.ts'
import { run, until } from './kubectl.ts'
import { TEST_NAMESPACE } from './names.ts'
import { type NodeAgent, startNodeAgent } from './node-agent.ts'
import { readyReplicas } from './replicas.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import { pickPod, renew, untilRestarted, VICTIMS, type Victim } from './victims.ts'

// Invariant 6: kill -9 of any part at any moment: it converges without help, traffic goes on.

const { PENSTOCK_TEST_KILL_APISERVER } = process.env
/** The PingSource's minute, and some time to work. */
const RESYNC_MS = 90_000
const STEADY = Array.from({ length: 4 }, (_, index) => `steady-${index}`)

const client = connect()
let agent: NodeAgent
let resync: Awaited<ReturnType<typeof createResync>>
let round = 0

/** Every route that exists, asked for at every replica. */
const askEveryRoute = async (): Promise<void> => {
  const { items } = await client.list<Route>(apiRoutes, { namespace: TEST_NAMESPACE })
  for (const { traffic } of await readyReplicas()) {
    for (const { metadata } of items) {
      const { headers, body } = await request(`${traffic}/${metadata.name}`)
      expect(readGeneration(headers, await body.text()), metadata.name).toBe(metadata.generation)
    }
  }
}

interface Ordeal {
  readonly editor: Editor
  readonly traffic: Traffic
  readonly targets: readonly string[]
}

/** Runs `crash` in the middle of a stream of edits, with traffic on routes that are not edited. */
const duringEdits = async (crash: (ordeal: Ordeal) => Promise<unknown>) => {
  const editor = createEditor({ client, prefix: `chaos-${round++}`, routes: 8 })
  await editor.begin()
  const targets = (await readyReplicas()).map(({ traffic }) => traffic)
  const traffic = startTraffic({ targets, routes: STEADY, connections: 16, rate: 160 })
  let enough = false
  const editing = editor.edit(() => enough, { clients: 4, perSecond: 25 })
  await until('edits are under way', async () => editor.edits > 25)
  await crash({ editor, traffic, targets })
  const { edits } = editor
  await until('edits go on', async () => editor.edits > edits + 25)
  enough = true
  await editing
  await resync()
  await untilConverged(client, RESYNC_MS)
  await askEveryRoute()
  return { ...(await traffic.stop()), targets }
}

const killed = async (victim: Victim) => {
  const pod = await pickPod(victim)
  await agent.signal(pod.uid, 'SIGKILL')
  await untilRestarted(victim, pod)
  return pod
}

beforeAll(async () => {
  await Promise.all([
    ...VERSIONS.map((version) => deployEcho(`echo-${version}`, version)),
    ...Object.values(VICTIMS).map(renew),
  ])
  agent = await startNodeAgent()
  resync = await createResync()
})

beforeEach(async () => {
  await deleteAllRoutes(client)
  for (const name of STEADY) await client.create(apiRoutes, toGenerationRoute(name))
})

afterAll(async () => {
  await deleteAllRoutes(client)
  await agent.stop()
  await Promise.all(VERSIONS.map((version) => deleteEcho(`echo-${version}`)))
  await client.close()
})

const { 'gateway replica': gateway, source, ...others } = VICTIMS

test.each(Object.entries({ source, ...others }))(
  'kill -9 of the %s: traffic goes on, and all converges',
  async (_name, victim) => {
    const { faults, requests } = await duringEdits(() => killed(victim))
    expect(faults).toEqual([])
    expect(requests).toBeGreaterThan(100)
  },
)

test('kill -9 of a gateway replica: the other serves on, and it comes back whole', async () => {
  let killedName = ''
  const { faults, targets } = await duringEdits(async () => {
    killedName = (await killed(gateway)).name
  })
  const replica = (await readyReplicas()).find(({ name }) => name === killedName)
  expect(targets).toContain(replica?.traffic)
  expect(faults.length).toBeGreaterThan(0)
  expect(faults.filter(({ target }) => target !== replica?.traffic)).toEqual([])
})

test.skipIf(!PENSTOCK_TEST_KILL_APISERVER)(
  'kill -9 of the API server: traffic goes on, and all converges',
  { timeout: 240_000 },
  async () => {
    const { faults } = await duringEdits(async () => {
      await run('sh', ['-c', PENSTOCK_TEST_KILL_APISERVER ?? ''])
      const ask = () => client.call('GET', '/readyz')
      await retry(ask, AbortSignal.timeout(60_000), () => undefined)
    })
    expect(faults).toEqual([])
  },
)

test('the PingSource makes right what happened while the source was down', {
  timeout: 300_000,
}, async () => {
  await renew(source) // it has been killed before
  const at = (name: string) => ({ namespace: TEST_NAMESPACE, name })
  for (const name of ['changed', 'deleted', 'replaced']) {
    await client.create(apiRoutes, toGenerationRoute(name))
  }
  await untilConverged(client, RESYNC_MS)

  const pod = await pickPod(source)
  // It hears nothing from here on.
  await agent.signal(pod.uid, 'SIGSTOP')
  await client.create(apiRoutes, toGenerationRoute('created'))
  await client.patch(apiRoutes, at('changed'), { spec: toGenerationRoute('changed', 2).spec })
  await client.delete(apiRoutes, at('deleted'))
  await client.delete(apiRoutes, at('replaced'))
  await client.create(apiRoutes, toGenerationRoute('replaced'))
  await client.create(apiRoutes, toGenerationRoute('passing'))
  await client.delete(apiRoutes, at('passing'))
  await agent.signal(pod.uid, 'SIGKILL')
  await untilRestarted(source, pod)

  await untilConverged(client, RESYNC_MS)
  await askEveryRoute()
  for (const { traffic } of await readyReplicas()) {
    for (const name of ['deleted', 'passing']) {
      const { statusCode, body } = await request(`${traffic}/${name}`)
      await body.dump()
      expect(statusCode, name).toBe(404)
    }
  }
})
