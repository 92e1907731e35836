/** Where the processes run: the one under test has a core of its own. */
export const CORES = { gateway: 0, load: 1 } as const

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

/** A peer that answers. */
export interface RunningPeer {
  readonly port: number
  /** The process under test; undefined where there is none. */
  readonly pid: number | undefined
  /** May be called again. */
  stop(): Promise<void>
}

/** A gateway to measure. Every peer's module exports one. */
export interface Peer {
  readonly name: string
  /** What to install to have it, as a command; undefined when it is there. */
  missing(): string | undefined
  start(setup: PeerSetup): Promise<RunningPeer>
}
