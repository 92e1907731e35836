import type { Peer } from './peer.ts'

/** No gateway at all: what the upstream and the load generator can do. */
export const direct: Peer = {
  name: 'direct',
  missing: () => undefined,
  start: async ({ upstreamPort }) => ({
    port: upstreamPort,
    pid: undefined,
    stop: async () => undefined,
  }),
}
