import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { choosePeers } from '../choose-peers.ts'
import { findFreePort, findProgram, startPinned } from '../processes.ts'
import { CORES, untilServing } from '../start-peer.ts'
import { type LeakSample, measureLeak, toLeakText } from './leak.ts'
import { measureChat, measureIdle, measureStreamBytes, measureStreams } from './measure.ts'
import { direct } from './peers/direct.ts'
import { litellm } from './peers/litellm.ts'
import type { AiPeer, RunningAiPeer } from './peers/peer.ts'
import { penstock } from './peers/penstock.ts'
import { portkey } from './peers/portkey.ts'
import { type PeerSamples, toJson, toText } from './report.ts'

export const AI_HELP = `npm run bench -- ai [options]

Calls of a model through the gateway, beside Portkey and LiteLLM (one worker). Each has core 0; wrk
or a client of streams, and the provider, our mock in a process of its own, share core 1. All peers
of a round run one after the other, round after round; figures are medians, ratios are ratios of
medians. Penstock and LiteLLM check a key; Portkey has none to check.

  chat       64 connections, answers as a whole: requests/s, CPU, p50 and p99
  stream     one stream at a time, 20 events 1 ms apart: time to the first bytes, over the
             provider's own; 64 at a time: streams/s
  memory     what a peer takes idle, and for each of 500 open streams

  --rounds N        rounds (default 3)
  --seconds N       length of a run (default 4)
  --leak N          in place of all that: the memory of Penstock over N requests
  --only LIST       of direct, penstock, portkey, litellm (default all)
  --node-options S  options for the peers that run on Node, such as --cpu-prof
  --json            figures as JSON
`

const PEERS: readonly AiPeer[] = [direct, penstock, portkey, litellm]
const MODELS = {
  chat: 'gpt-mock?tokens=150',
  paced: 'gpt-mock?tokens=18&pace=1',
  burst: 'gpt-mock?tokens=18',
  silent: 'gpt-mock?tokens=18&hang=5',
}
const OPEN_STREAMS = 500
const WARM_UP_SECONDS = 2
const PROVIDER = join(import.meta.dirname, 'provider.ts')

interface Plan {
  readonly rounds: number
  readonly seconds: number
  readonly peers: readonly AiPeer[]
  readonly nodeOptions: readonly string[]
  readonly say: (text: string) => void
}

interface Entrant {
  readonly peer: RunningAiPeer
  readonly samples: PeerSamples
}

const startProvider = async () => {
  const port = await findFreePort()
  const child = startPinned(CORES.load, [process.execPath, PROVIDER, String(port)])
  // Without a credential: it serves, and says so.
  await Promise.race([untilServing(port, '/v1/models', 401), child.failed])
  return { port, stop: () => child.stop() }
}

const startAll = async (plan: Plan, folder: string, providerPort: number): Promise<Entrant[]> => {
  const models = Object.values(MODELS)
  const { nodeOptions } = plan
  const entrants: Entrant[] = []
  for (const { name, start } of plan.peers) {
    plan.say(`starting ${name}`)
    const own = join(folder, name)
    await mkdir(own)
    const peer = await start({ providerPort, models, folder: own, nodeOptions })
    const idleBytes = measureIdle(peer)
    const samples = { peer: name, idleBytes, chat: [], paced: [], burst: [] }
    entrants.push({ peer, samples })
  }
  return entrants
}

const runRound = async ({ seconds, say }: Plan, entrants: readonly Entrant[]): Promise<void> => {
  for (const { peer, samples } of entrants) {
    const chat = await measureChat(peer, MODELS.chat, seconds)
    samples.chat.push(chat)
    say(`${samples.peer}: ${Math.round(chat.requestsPerSecond)} requests/s`)
  }
  for (const { peer, samples } of entrants) {
    const one = { concurrency: 1, seconds: seconds / 2 }
    samples.paced.push(await measureStreams(peer, MODELS.paced, one))
    samples.burst.push(await measureStreams(peer, MODELS.burst, { concurrency: 64, seconds }))
  }
}

const runAll = async (plan: Plan): Promise<PeerSamples[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'penstock-bench-'))
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    const provider = await startProvider()
    stops.unshift(provider.stop)
    const entrants = await startAll(plan, folder, provider.port)
    for (const { peer } of entrants) stops.unshift(peer.stop)
    for (const { peer } of entrants) {
      await measureChat(peer, MODELS.chat, WARM_UP_SECONDS)
      await measureStreams(peer, MODELS.burst, { concurrency: 16, seconds: WARM_UP_SECONDS })
    }
    for (let round = 0; round < plan.rounds; round += 1) await runRound(plan, entrants)
    for (const { peer, samples } of entrants) {
      plan.say(`${samples.peer}: ${OPEN_STREAMS} open streams`)
      samples.bytesPerStream = await measureStreamBytes(peer, MODELS.silent, OPEN_STREAMS)
    }
    return entrants.map(({ samples }) => samples)
  } finally {
    for (const stop of stops) await stop()
  }
}

/** What a gateway has resident while it answers so many requests. */
const runLeak = async (plan: Plan, requests: number): Promise<LeakSample[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'penstock-bench-'))
  const provider = await startProvider()
  try {
    const [entrant] = await startAll({ ...plan, peers: [penstock] }, folder, provider.port)
    if (!entrant) throw new Error('Penstock did not start')
    const samples = await measureLeak(entrant.peer, MODELS, requests)
    await entrant.peer.stop()
    return samples
  } finally {
    await provider.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** @throws Error when an argument is not understood or a program that cannot be skipped is missing. */
export const runAiBench = async (args: string[]): Promise<void> => {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string' },
      leak: { type: 'string' },
      'node-options': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  })
  if (!findProgram('wrk')) throw new Error('the load generator is missing: apt-get install wrk')
  const plan: Plan = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    peers: choosePeers(PEERS, values.only),
    nodeOptions: values['node-options'].split(' ').filter(Boolean),
    say: (text) => console.error(text),
  }
  if (values.leak !== undefined) {
    const samples = await runLeak(plan, Number(values.leak))
    console.log(values.json ? JSON.stringify(samples, null, 2) : toLeakText(samples))
    return
  }
  const results = await runAll(plan)
  console.log(values.json ? JSON.stringify(toJson(results), null, 2) : toText(results))
}
