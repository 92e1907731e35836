import type { RunningPeer } from '../../start-peer.ts'

/** What a peer is started with. */
export interface AiPeerSetup {
  /** Port of the provider: an OpenAI API below `/v1`. */
  readonly providerPort: number
  /** Names of the provider's models that shall be callable. */
  readonly models: readonly string[]
  /** A folder of its own, empty, for configuration. */
  readonly folder: string
  /** Options of `node`, for the peers that run on it. */
  readonly nodeOptions: readonly string[]
}

/** A peer that answers `POST /v1/chat/completions`. */
export interface RunningAiPeer extends RunningPeer {
  readonly headers: Readonly<Record<string, string>>
  /** How a caller names that model of the provider. */
  toModel(model: string): string
}

/** A gateway to measure. Every peer's module exports one. */
export interface AiPeer {
  readonly name: string
  /** What to install to have it, as a command; undefined when it is there. */
  missing(): string | undefined
  start(setup: AiPeerSetup): Promise<RunningAiPeer>
}
