import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choosePeers } from '../choose-peers.ts'
import { findProgram } from '../processes.ts'
import type { RunningPeer } from '../start-peer.ts'
import type { Load } from './load.ts'
import { measure, type Sample } from './measure.ts'
import { direct } from './peers/direct.ts'
import { envoy } from './peers/envoy.ts'
import { nginx } from './peers/nginx.ts'
import { nodeUndici } from './peers/node-undici.ts'
import type { Peer, PeerSetup } from './peers/peer.ts'
import { penstock } from './peers/penstock.ts'
import { type ScenarioResult, toJson, toText } from './report.ts'
import { startUpstream } from './upstream.ts'

export const PROXY_HELP = `npm run bench -- proxy [options]

Requests per second, CPU per request and latency of the gateway, its whole pipeline on, beside
nginx, Envoy and a bare proxy of Node's http server and undici. Each has core 0; wrk (1 thread, 64
connections) and the upstream, an nginx that answers with 1 KB, share core 1. All peers of a round
run one after the other, round after round; figures are medians, ratios are ratios of medians.

  --rounds N        rounds (default 5)
  --seconds N       length of a run (default 5)
  --routes LIST     numbers of routes (default 1,10000)
  --methods LIST    of GET and POST (default both)
  --only LIST       of direct, nginx, envoy, node-undici, penstock (default all)
  --node-options S  options for the peers that run on Node, such as --cpu-prof
  --json            figures as JSON
`

const PEERS: readonly Peer[] = [direct, nginx, envoy, nodeUndici, penstock]
const CHAT = {
  model: 'small',
  messages: [{ role: 'user', content: 'How high is the water above the gate today?' }],
  temperature: 0.2,
}
const BODIES = { GET: '', POST: JSON.stringify(CHAT) }
/** So that every peer has its code compiled and its connections open. */
const WARM_UP_SECONDS = 2

interface Plan {
  readonly rounds: number
  readonly seconds: number
  readonly methods: readonly Load['method'][]
  readonly peers: readonly Peer[]
  readonly nodeOptions: readonly string[]
  readonly say: (text: string) => void
}

const startAll = async (
  { peers, say, nodeOptions }: Plan,
  setup: Omit<PeerSetup, 'nodeOptions'>,
) => {
  const running: { peer: Peer; instance: RunningPeer }[] = []
  for (const peer of peers) {
    const folder = join(setup.folder, `${peer.name}-${setup.routes}`)
    await mkdir(folder)
    say(`starting ${peer.name}, routes: ${setup.routes}`)
    running.push({ peer, instance: await peer.start({ ...setup, folder, nodeOptions }) })
  }
  return running
}

const runLoad = async (
  plan: Plan,
  running: Awaited<ReturnType<typeof startAll>>,
  load: Load,
): Promise<ScenarioResult> => {
  const samples = new Map<string, Sample[]>(running.map(({ peer }) => [peer.name, []]))
  for (const { instance } of running) await measure(instance, load, WARM_UP_SECONDS)
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { peer, instance } of running) {
      const sample = await measure(instance, load, plan.seconds)
      samples.get(peer.name)?.push(sample)
      const rate = Math.round(sample.requestsPerSecond)
      plan.say(`${load.method}, routes: ${load.routes}, round ${round}: ${peer.name} ${rate}/s`)
    }
  }
  const content = load.method === 'GET' ? 'GET 1 KB' : `POST ${load.body.length} B, 1 KB back`
  return {
    scenario: `${content}, routes: ${load.routes}`,
    series: [...samples].map(([peer, list]) => ({ peer, samples: list })),
  }
}

const runAll = async (plan: Plan, routeCounts: readonly number[]): Promise<ScenarioResult[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'penstock-bench-'))
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  const results: ScenarioResult[] = []
  try {
    const upstream = await startUpstream(folder)
    stops.unshift(upstream.stop)
    for (const routes of routeCounts) {
      const running = await startAll(plan, { upstreamPort: upstream.port, routes, folder })
      for (const { instance } of running) stops.unshift(instance.stop)
      for (const method of plan.methods) {
        results.push(await runLoad(plan, running, { method, routes, body: BODIES[method] }))
      }
      for (const { instance } of running) await instance.stop()
    }
  } finally {
    for (const stop of stops) await stop()
  }
  return results
}

/** @throws Error when an argument is not understood or a program that cannot be skipped is missing. */
export const runProxyBench = async (args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      routes: { type: 'string', default: '1,10000' },
      methods: { type: 'string', default: 'GET,POST' },
      only: { type: 'string' },
      'node-options': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  })
  if (!findProgram('wrk')) throw new Error('the load generator is missing: apt-get install wrk')
  const methods = (['GET', 'POST'] as const).filter((method) =>
    values.methods.split(',').includes(method),
  )
  const plan: Plan = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    methods,
    peers: choosePeers(PEERS, values.only),
    nodeOptions: values['node-options'].split(' ').filter(Boolean),
    say: (text) => console.error(text),
  }
  const results = await runAll(plan, values.routes.split(',').map(Number))
  console.log(values.json ? JSON.stringify(toJson(results), null, 2) : toText(results))
}
