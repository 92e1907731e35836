import type { KubeClient } from '#lib/kube/client.ts'
import type { RouteKind } from '../route-kinds/route-kind.ts'

/** One replica of the gateway, reached directly: behind a Service one could not tell who answered. */
export interface Replica {
  /** Base URL of its traffic. */
  readonly traffic: string
  /** Its admin listener, of Penstock's only: it tells the stages. */
  readonly admin?: { readonly url: string; readonly token: string }
}

/** An installation of a gateway to edit. */
export interface Target {
  readonly client: KubeClient
  readonly replicas: readonly Replica[]
  readonly routeKind: RouteKind
  /** How often a replica may be asked without taking from the chain the time that is measured. */
  readonly pollEveryMs: number
  /** Where the routes of the benchmark go; empty at first. */
  readonly namespace: string
  /** Where the fragments are, of Penstock's only. */
  readonly systemNamespace?: string
  /** Removes what the benchmark made. */
  stop(): Promise<void>
}

export const SYSTEM_NAMESPACE = 'penstock-system'
