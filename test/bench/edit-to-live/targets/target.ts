import type { KubeClient } from '#lib/kube/client.ts'

/** One replica of the gateway, reached directly: behind a Service one could not tell who answered. */
export interface Replica {
  /** Base URL of its traffic. */
  readonly traffic: string
  /** Base URL of its admin listener. */
  readonly admin: string
}

/** An installation of Penstock to edit. */
export interface Target {
  readonly client: KubeClient
  readonly replicas: readonly Replica[]
  /** Where the routes of the benchmark go; empty at first. */
  readonly namespace: string
  /** Where the fragments are. */
  readonly systemNamespace: string
  /** Opens the admin listeners. */
  readonly token: string
  /** Removes what the benchmark made. */
  stop(): Promise<void>
}

export const SYSTEM_NAMESPACE = 'penstock-system'
