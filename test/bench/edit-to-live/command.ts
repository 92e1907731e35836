import { parseArgs } from 'node:util'
import { type BurstResult, createBurst } from './burst.ts'
import { startChangeCounter } from './change-counter.ts'
import { measureMemory } from './memory.ts'
import { editOneByOne } from './one-by-one.ts'
import {
  createReplicaProbe,
  POLLS_AT_ONCE,
  type ReplicaProbe,
  untilAllServed,
} from './replica-probe.ts'
import { type EditToLiveReport, toJson, toText } from './report.ts'
import { createRoutes } from './routes.ts'
import { startCluster } from './targets/cluster.ts'
import { startEnvoyGateway } from './targets/envoy-gateway.ts'
import { startLocal } from './targets/local.ts'
import type { Target } from './targets/target.ts'

export const EDIT_TO_LIVE_HELP = `npm run bench -- edit-to-live [options]

Time from the API server's answer to an edit until every replica of the gateway serves it, which a
client sees that polls each every 4 ms (local: 1 ms). Creates and changes of what a route answers,
one by one (the next once the status of the one before says that it is live) with the stages of the
way, then a burst of creates. What an edit makes others write is counted by watches; memory is VmRSS
of a gateway in its own process.

  --target NAME            local: local mode, started for this (the default); cluster: Penstock on
                           the cluster of KUBECONFIG; envoy-gateway: the peer there, HTTPRoutes
                           with a Gateway of class eg
  --routes LIST            routes that are there meanwhile, ascending (default 10)
  --compare                the same as --routes 10,3000
  --edits N                creates, and as many changes, one by one (default 100)
  --burst N                creates at once, 0 for none (default 3000)
  --concurrency N          clients of the burst (default 16)
  --memory N               also measure the memory of a gateway with so many routes
  --node-options S         options for local mode's process, such as --cpu-prof
  --json                   figures as JSON
`

const TARGETS: Readonly<Record<string, (nodeOptions: readonly string[]) => Promise<Target>>> = {
  local: startLocal,
  cluster: () => startCluster(process.env.KUBECONFIG),
  'envoy-gateway': () => startEnvoyGateway(process.env.KUBECONFIG),
}

interface Plan {
  readonly target: Target
  readonly routeCounts: readonly number[]
  readonly edits: number
  readonly burst: number
  readonly concurrency: number
}

const say = (text: string): void => console.error(text)

const execute = async (plan: Plan, probes: readonly ReplicaProbe[]) => {
  const { target, routeCounts, edits, burst, concurrency } = plan
  const routes = createRoutes(target)
  const existing: string[] = []
  const oneByOne: EditToLiveReport['oneByOne'][number][] = []
  const counter = startChangeCounter(target)
  try {
    await counter.synced
    for (const count of routeCounts) {
      say(`creating routes up to ${count}`)
      const more = Array.from({ length: count - existing.length }, (_, i) => existing.length + i)
      const names = more.map((index) => `there-${index}`)
      await routes.createMany(names, 'there', concurrency)
      existing.push(...names)
      await untilAllServed(probes, names, 'there')
      say('editing one by one')
      const result = await editOneByOne({ routes, probes, counter, existing }, edits)
      oneByOne.push({ routes: count, ...result })
    }
    let burstResult: BurstResult | undefined
    if (burst > 0) {
      say('creating a burst')
      burstResult = await createBurst({ routes, probes, counter }, burst, concurrency)
    }
    return { oneByOne, ...(burstResult && { burst: burstResult }) }
  } finally {
    await counter.stop()
  }
}

const readPlan = (args: string[]) => {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: 'string', default: 'local' },
      routes: { type: 'string', default: '10' },
      compare: { type: 'boolean', default: false },
      edits: { type: 'string', default: '100' },
      burst: { type: 'string', default: '3000' },
      concurrency: { type: 'string', default: '16' },
      memory: { type: 'string', default: '0' },
      'node-options': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  })
  const { target, compare, memory, json } = values
  const start = TARGETS[target]
  if (!start) throw new Error(`no such target: ${target}`)
  const nodeOptions = values['node-options'].split(' ').filter(Boolean)
  return {
    name: target,
    start: () => start(nodeOptions),
    memory: Number(memory),
    json,
    routeCounts: compare ? [10, 3000] : values.routes.split(',').map(Number),
    edits: Number(values.edits),
    burst: Number(values.burst),
    concurrency: Number(values.concurrency),
  }
}

/** @throws Error when an argument is not understood or the target is not to be had. */
export const runEditToLiveBench = async (args: string[]): Promise<void> => {
  const { name, start, memory, json, ...plan } = readPlan(args)
  const target = await start()
  const probes = target.replicas.map((replica) =>
    createReplicaProbe(replica, target.pollEveryMs, POLLS_AT_ONCE),
  )
  let report: EditToLiveReport
  try {
    const results = await execute({ ...plan, target }, probes)
    report = { target: name, replicas: probes.length, ...results }
  } finally {
    await Promise.all(probes.map((probe) => probe.close()))
    await target.stop()
  }
  if (memory > 0) {
    say('measuring memory')
    report = { ...report, memory: await measureMemory(memory) }
  }
  console.log(json ? toJson(report) : toText(report))
}
