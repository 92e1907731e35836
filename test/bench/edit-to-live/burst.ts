import { forEachLimited } from '#lib/for-each.ts'
import { type Summary, summarize } from '../stats.ts'
import type { ChangeCounter } from './change-counter.ts'
import { now } from './clock.ts'
import { type ReplicaProbe, untilAllServed } from './replica-probe.ts'
import type { Edit, Routes } from './routes.ts'

export interface BurstResult {
  readonly creates: number
  /** How long the API server took to answer them all. */
  readonly answeredWithinMs: number
  /** From the last answer until the last route was seen on every replica. */
  readonly allSeenAfterMs: number
  /** The same by the replicas' own stamps, if they tell; it spares the time that looking takes. */
  readonly allLiveAfterMs: number
  /** Of one route, from its own answer to the replica's stamp. */
  readonly eachLive: Summary
  /** Of one route. */
  readonly statusWrites: Summary
}

export interface BurstDeps {
  readonly routes: Routes
  /** Able to poll over several connections. */
  readonly probes: readonly ReplicaProbe[]
  readonly counter: ChangeCounter
}

const QUIET_MS = 3000

/** Creates so many routes from so many clients at once, then waits until all are served. */
export const createBurst = async (
  { routes, probes, counter }: BurstDeps,
  creates: number,
  clients: number,
): Promise<BurstResult> => {
  const names = Array.from({ length: creates }, (_, i) => `burst-${i}`)
  const edits: Edit[] = []
  await counter.quiet(QUIET_MS)
  counter.reset()
  const startedAt = now()
  await forEachLimited(names, clients, async (name) => {
    edits.push(await routes.create(name, 'burst'))
  })
  const answeredAt = now()
  await untilAllServed(probes, names, 'burst')
  const seenAt = now()
  const timelines = (await Promise.all(probes.map((probe) => probe.timelines()))).flat()
  const live = new Map<string, number>()
  for (const entry of timelines) {
    const name = entry.key.split('/')[2] ?? ''
    live.set(name, Math.max(entry.live, live.get(name) ?? 0))
  }
  await counter.quiet(QUIET_MS)
  const { statusWrites } = counter.reset()
  const each = edits.map(({ name, answered }) => ({ answered, live: live.get(name) ?? Number.NaN }))
  const known = each.filter(({ live: at }) => Number.isFinite(at))
  const allLiveAt = known.map(({ live: at }) => at).sort((a, b) => b - a)[0]
  return {
    creates,
    answeredWithinMs: answeredAt - startedAt,
    allSeenAfterMs: seenAt - answeredAt,
    allLiveAfterMs: allLiveAt === undefined ? Number.NaN : Math.max(0, allLiveAt - answeredAt),
    eachLive: summarize(known.map(({ answered, live: at }) => Math.max(0, at - answered))),
    statusWrites: summarize(names.map((name) => statusWrites.get(name) ?? 0)),
  }
}
