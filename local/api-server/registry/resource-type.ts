import type { KubeObject } from '../json.ts'
import type { Schema } from '../schema/schema.ts'
import type { StatusCause } from '../status.ts'

/** A printer column: from a JSONPath (custom resources) or a function (built-ins). */
export interface Column {
  readonly name: string
  readonly type: string
  readonly format?: string
  readonly description?: string
  readonly priority?: number
  readonly jsonPath?: string
  readonly cell?: (object: KubeObject) => string | number | boolean | null
}

/** What a built-in kind does beyond its schema. */
export interface Strategy {
  /** Fills in what the real server fills in; may change the object. */
  readonly prepare?: (object: KubeObject, old: KubeObject | undefined) => void
  readonly validate?: (object: KubeObject, old: KubeObject | undefined) => StatusCause[]
}

/** One served version of one resource. */
export interface ResourceType {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly listKind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly columns: readonly Column[]
  readonly schema: Schema
  readonly hasStatus: boolean
  /** Whether metadata.generation is kept. */
  readonly hasGeneration: boolean
  /** A custom resource: no strategic merge patch. */
  readonly custom: boolean
  /** The version objects are stored in. */
  readonly storageVersion: string
  readonly strategy: Strategy
  /** Field selectors beyond metadata.name and metadata.namespace, as paths in the object. */
  readonly selectableFields: readonly string[]
}

/** `group/version`, or `v1` for the core group. */
export const apiVersionOf = (type: Pick<ResourceType, 'group' | 'version'>): string =>
  type.group ? `${type.group}/${type.version}` : type.version

/** The name a resource is stored under: `plural.group`. */
export const resourceOf = (type: Pick<ResourceType, 'group' | 'plural'>): string =>
  type.group ? `${type.plural}.${type.group}` : type.plural

/** The key of an object within its resource. */
export const keyOf = (namespace: string, name: string): string =>
  namespace ? `${namespace}/${name}` : name
