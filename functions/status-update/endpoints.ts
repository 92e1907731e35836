import { startReflector } from '#lib/kube/reflector.ts'
import { endpointSlices, type KubeObject } from '#lib/kube/types.ts'
import type { FunctionDeps } from '../runtime/deps.ts'
import type { Replica } from './replica-table.ts'

/** Tells the ready replicas, at first and whenever they change. */
export type FollowReplicas = (tell: (replicas: Replica[]) => void) => {
  readonly synced: Promise<void>
  stop(): Promise<void>
}

/** The part of a `discovery.k8s.io/v1` EndpointSlice that is used here. */
export interface EndpointSlice extends KubeObject {
  addressType?: string
  endpoints?: {
    addresses: string[]
    conditions?: { ready?: boolean }
    targetRef?: { name?: string }
  }[]
  ports?: { name?: string; port?: number }[]
}

/** The ready replicas of a headless Service, each named after its pod. */
export const toReplicas = (slices: Iterable<EndpointSlice>): Replica[] => {
  const replicas = new Map<string, Replica>()
  for (const { endpoints = [], ports = [], addressType } of slices) {
    const port = (ports.find(({ name }) => name === 'admin') ?? ports[0])?.port
    for (const { addresses, conditions, targetRef } of endpoints) {
      const [address] = addresses
      const name = targetRef?.name ?? address
      // Absent means ready, by the API's definition.
      if (!(name && address && port) || conditions?.ready === false) continue
      const host = addressType === 'IPv6' ? `[${address}]` : address
      replicas.set(name, { name, url: `http://${host}:${port}` })
    }
  }
  return [...replicas.values()]
}

/** Follows the endpoints of the headless Service that the gateway's admin listeners are under. */
export const followEndpoints =
  ({ client, namespace, log }: FunctionDeps, service: string): FollowReplicas =>
  (tell) => {
    const slices = new Map<string, EndpointSlice>()
    const tellAll = (): void => tell(toReplicas(slices.values()))
    return startReflector<EndpointSlice>({
      client,
      type: endpointSlices,
      select: { namespace, labelSelector: `kubernetes.io/service-name=${service}` },
      onReplace(objects) {
        slices.clear()
        for (const slice of objects) slices.set(slice.metadata.name, slice)
        tellAll()
      },
      onChange(slice) {
        slices.set(slice.metadata.name, slice)
        tellAll()
      },
      onDelete(slice) {
        slices.delete(slice.metadata.name)
        tellAll()
      },
      onError: (error) => log.warn({ err: error }, 'endpoints not read'),
    })
  }
