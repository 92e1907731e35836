import type { KubeObject, ResourceType } from '#lib/kube/types.ts'

/** What happened to an object, in the words of the ApiServerSource's event types. */
export type Verb = 'add' | 'update' | 'delete'

/** One object in its newest state and what made it so. */
export interface Change {
  readonly verb: Verb
  readonly type: ResourceType
  readonly object: KubeObject
}
