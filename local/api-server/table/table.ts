import { isObject, type Json, type JsonObject, type KubeObject } from '../json.ts'
import type { Column, ResourceType } from '../registry/resource-type.ts'
import { age } from './human-duration.ts'
import { compileJsonPath } from './json-path.ts'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

type Cell = (object: KubeObject) => Json

const plain = (value: Json, type: string): Json => {
  if (type === 'date') return age(value)
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : null
  if (type === 'number') return typeof value === 'number' ? value : null
  if (type === 'boolean') return typeof value === 'boolean' ? value : null
  if (typeof value === 'string') return value
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value)
}

const compileCell = (column: Column): Cell => {
  if (column.cell) return column.cell
  const read = compileJsonPath(column.jsonPath ?? '')
  return (object) => {
    // The first value counts, as on the real server.
    const [value] = read(object as unknown as Json)
    return value === undefined || value === null ? null : plain(value, column.type)
  }
}

const compiled = new WeakMap<ResourceType, readonly Cell[]>()

const cellsOf = (type: ResourceType): readonly Cell[] => {
  let cells = compiled.get(type)
  if (!cells) {
    cells = type.columns.map(compileCell)
    compiled.set(type, cells)
  }
  return cells
}

/** An object's metadata alone. */
export const toPartialMetadata = (object: KubeObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata as unknown as Json,
})

const included = (object: KubeObject, include: IncludeObject): JsonObject => {
  if (include === 'None') return {}
  if (include === 'Object') return { object: object as unknown as Json }
  return { object: toPartialMetadata(object) }
}

const definitions = (type: ResourceType): JsonObject[] =>
  type.columns.map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? '',
    description: column.description ?? '',
    priority: column.priority ?? 0,
  }))

/** How a table is made. */
export interface TableOptions {
  readonly include: IncludeObject
  readonly metadata: JsonObject
  /** The events of a watch carry the columns once. */
  readonly hasColumns: boolean
}

/** Prints objects as the rows of a `meta.k8s.io/v1` Table. */
export const toTable = (
  objects: readonly KubeObject[],
  type: ResourceType,
  options: TableOptions,
): JsonObject => {
  const cells = cellsOf(type)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: options.hasColumns ? definitions(type) : [],
    rows: objects.map((object) => ({
      cells: cells.map((cell) => cell(object)),
      ...included(object, options.include),
    })),
  }
}
