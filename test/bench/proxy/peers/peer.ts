import type { Readiness, RunningPeer } from '../../start-peer.ts'

/** What a peer is started with. */
export interface PeerSetup {
  readonly upstreamPort: number
  /** `/r0/`, `/r1/`, ... are prefixes to proxy; no other path is. */
  readonly routes: number
  /** A folder of its own, empty, for configuration. */
  readonly folder: string
  /** Options of `node`, for the peers that run on it. */
  readonly nodeOptions: readonly string[]
  /** The status by which a route is known to be served; 200 unless there is no upstream. */
  readonly readyStatus?: number
}

/** Its last route answers. */
export const servesLast = (routes: number, status = 200): Readiness => ({
  path: `/r${routes - 1}/item`,
  status,
})

/** A gateway to measure. Every peer's module exports one. */
export interface Peer {
  readonly name: string
  /** What to install to have it, as a command; undefined when it is there. */
  missing(): string | undefined
  start(setup: PeerSetup): Promise<RunningPeer>
}
