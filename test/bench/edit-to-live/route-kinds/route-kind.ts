import type { KubeObject, ResourceType } from '#lib/kube/types.ts'

/** Response header by which one sees which edit is served. */
export const MARK_HEADER = 'x-edit'

export const toPathOf = (name: string): string => `/${name}`

/**
 * A kind of route that the benchmark edits. Each answers its own path with a redirect that carries
 * the mark: the gateway answers for itself, so that no backend is part of the measurement.
 */
export interface RouteKind {
  readonly type: ResourceType
  toObject(namespace: string, name: string, mark: string): KubeObject & { spec: object }
  /** A merge patch that makes the route answer with another mark. */
  toPatch(name: string, mark: string): object
  /** Whether the status has the last word on the newest generation. */
  isSettled(object: KubeObject): boolean
}
