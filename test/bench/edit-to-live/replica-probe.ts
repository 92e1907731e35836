import { request } from 'undici'
import { z } from 'zod'
import { createUpstreamClient, type UpstreamTarget } from '#gateway/upstream/http1/client.ts'
import { forEachLimited } from '#lib/for-each.ts'
import { now } from './clock.ts'
import { MARK_HEADER, toPathOf } from './route-kinds/route-kind.ts'
import type { Replica } from './targets/target.ts'

const GIVE_UP_MS = 120_000
/** Connections to a replica over which many routes are looked at. */
export const POLLS_AT_ONCE = 8

const timeline = z.object({
  key: z.string(),
  generation: z.int(),
  sent: z.number().optional(),
  received: z.number().optional(),
  read: z.number().optional(),
  arrived: z.number(),
  live: z.number(),
})

export type TimelineEntry = z.infer<typeof timeline>

/** Asks one replica what it serves. */
export interface ReplicaProbe {
  /**
   * Polls until the mark is served.
   * @returns when the answer was there, in epoch milliseconds
   */
  untilServed(name: string, mark: string): Promise<number>
  /** The latest edits, with the stops they passed; none where the replica does not tell. */
  timelines(): Promise<TimelineEntry[]>
  close(): Promise<void>
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** The gateway's own client: of those at hand it takes least of the time that is measured. */
const createPoller = ({ hostname, port }: URL, connections: number) => {
  const target: UpstreamTarget = { protocol: 'http', host: hostname, port: Number(port) || 80 }
  const client = createUpstreamClient({
    connectTimeoutMs: 10_000,
    headerTimeoutMs: 10_000,
    idleTimeoutMs: 10_000,
    keepAliveMs: 60_000,
    maxConnectionsPerTarget: connections,
    maxPendingPerTarget: connections,
    maxHeaderBytes: 16_384,
  })
  const headers = ['host', target.host]

  const isServed = (name: string, mark: string): Promise<boolean> =>
    new Promise((resolve, reject) => {
      let found = false
      client.send(
        target,
        { method: 'GET', path: toPathOf(name), headers, body: null },
        {
          onHead(_status, fields) {
            found = fields.some((field, i) => i % 2 === 0 && isMark(field, fields[i + 1], mark))
          },
          onData: () => undefined,
          onEnd: () => resolve(found),
          onError: reject,
        },
      )
    })
  return { isServed, close: () => client.close() }
}

const isMark = (field: string, value: string | undefined, mark: string): boolean =>
  value === mark && field.toLowerCase() === MARK_HEADER

/**
 * @param pollEveryMs how long it waits after an answer that is not the expected one
 * @param connections over which `untilServed` may poll side by side
 */
export const createReplicaProbe = (
  { traffic, admin }: Replica,
  pollEveryMs: number,
  connections = 1,
): ReplicaProbe => {
  const poller = createPoller(new URL(traffic), connections)

  const readTimelines = async ({ url, token }: NonNullable<Replica['admin']>) => {
    const headers = { authorization: `Bearer ${token}` }
    const { statusCode, body } = await request(`${url}/timelines`, {
      headers,
      headersTimeout: 60_000,
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`/timelines of a gateway answered ${statusCode}`)
    return z.array(timeline).parse(JSON.parse(text))
  }

  return {
    async untilServed(name, mark) {
      const until = performance.now() + GIVE_UP_MS
      while (!(await poller.isServed(name, mark))) {
        if (performance.now() > until) throw new Error(`${name} ${mark} is not served`)
        await sleep(pollEveryMs)
      }
      return now()
    },
    timelines: async () => (admin ? readTimelines(admin) : []),
    close: () => poller.close(),
  }
}

/** Resolves once every replica serves the mark on all these routes. */
export const untilAllServed = async (
  probes: readonly ReplicaProbe[],
  names: readonly string[],
  mark: string,
): Promise<void> => {
  const looks = probes.map((probe) =>
    forEachLimited(names, POLLS_AT_ONCE, (name) => probe.untilServed(name, mark)),
  )
  await Promise.all(looks)
}
