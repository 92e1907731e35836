import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'undici'
import { readGeneration } from './generation-route.ts'

export interface TrafficOptions {
  /** Base URLs of replicas; the connections are spread over them evenly and stay. */
  readonly targets: readonly string[]
  /** Names of generation routes, asked in turn. */
  readonly routes: readonly string[]
  readonly connections: number
  /** Requests a second, of all connections together. */
  readonly rate: number
}

/** What went wrong with one request, or connection. */
export interface Fault {
  readonly target: string
  readonly what: string
}

export interface TrafficReport {
  readonly requests: number
  readonly faults: readonly Fault[]
  readonly slowestMs: number
  /** Newest generation seen, by target and route. */
  readonly newest: ReadonlyMap<string, number>
}

export interface Traffic {
  /** Requests answered so far. */
  readonly requests: number
  stop(): Promise<TrafficReport>
}

const TIMEOUT_MS = 15_000

interface Run {
  readonly faults: Fault[]
  readonly newest: Map<string, number>
  requests: number
  slowestMs: number
  stopped: boolean
}

const ask = async (client: Client, route: string): Promise<number> => {
  const { statusCode, headers, body } = await client.request({
    path: `/${route}/x`,
    method: 'GET',
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${statusCode} ${text.slice(0, 200)}`)
  return readGeneration(headers, text)
}

/** One request, held to what this target had served of the route before it was sent. */
const check = async (run: Run, client: Client, target: string, route: string): Promise<void> => {
  const key = `${target} ${route}`
  const floor = run.newest.get(key) ?? 0
  const startedAt = performance.now()
  try {
    const generation = await ask(client, route)
    if (generation < floor) throw new Error(`generation ${generation} after ${floor}`)
    run.newest.set(key, Math.max(generation, run.newest.get(key) ?? 0))
  } catch (error) {
    const { message } = error as Error
    if (!run.stopped) run.faults.push({ target, what: `/${route}: ${message}` })
  }
  run.requests += 1
  run.slowestMs = Math.max(run.slowestMs, performance.now() - startedAt)
}

const drive = async (run: Run, options: TrafficOptions, index: number): Promise<void> => {
  const { targets, routes, connections, rate } = options
  const target = targets[index % targets.length] ?? ''
  const client = new Client(target, { pipelining: 1, keepAliveTimeout: 60_000 })
  client.on('disconnect', (_origin, _targets, error) => {
    if (!run.stopped) run.faults.push({ target, what: `connection lost: ${error.message}` })
  })
  const intervalMs = (connections / rate) * 1000
  let dueAt = performance.now() + (index / connections) * intervalMs
  for (let turn = index; !run.stopped; turn += 1) {
    await sleep(Math.max(0, dueAt - performance.now()))
    if (run.stopped) break
    await check(run, client, target, routes[turn % routes.length] ?? '')
    dueAt = Math.max(dueAt + intervalMs, performance.now())
  }
  await client.close()
}

/** Constant load that checks every answer, until stopped. */
export const startTraffic = (options: TrafficOptions): Traffic => {
  const run: Run = { faults: [], newest: new Map(), requests: 0, slowestMs: 0, stopped: false }
  const drivers = Array.from({ length: options.connections }, (_, index) =>
    drive(run, options, index),
  )
  return {
    get requests() {
      return run.requests
    },
    async stop() {
      run.stopped = true
      await Promise.all(drivers)
      return run
    },
  }
}
