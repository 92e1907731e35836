/** Upper bounds of the latency histogram, in milliseconds. */
export const LATENCY_BUCKETS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** Counters of one route, plain numbers so that a request costs no lookup. */
export interface RouteStats {
  /** Responses by status class: index 2 for 2xx; index 0 for clients that left. */
  readonly responses: number[]
  /** Requests per latency bucket; the last one has no bound. */
  readonly latencies: number[]
  latencySumMs: number
  retries: number
}

export const createRouteStats = (): RouteStats => ({
  responses: [0, 0, 0, 0, 0, 0],
  latencies: new Array<number>(LATENCY_BUCKETS_MS.length + 1).fill(0),
  latencySumMs: 0,
  retries: 0,
})

const toBucket = (ms: number): number => {
  let bucket = 0
  while (bucket < LATENCY_BUCKETS_MS.length && ms > (LATENCY_BUCKETS_MS[bucket] ?? 0)) bucket += 1
  return bucket
}

/** Counts one finished request; status 0 for a client that left before its response began. */
export const countResponse = (stats: RouteStats, status: number, ms: number): void => {
  const group = (status / 100) | 0
  stats.responses[group] = (stats.responses[group] ?? 0) + 1
  const bucket = toBucket(ms)
  stats.latencies[bucket] = (stats.latencies[bucket] ?? 0) + 1
  stats.latencySumMs += ms
}
