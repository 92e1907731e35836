import { isObject, type Json, type JsonObject } from '../json.ts'
import { OBJECT_META } from './object-meta.ts'
import { childOf, type Schema } from './schema.ts'

const EMBEDDED: Record<string, Schema> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: OBJECT_META,
}

const keepsUnknown = (schema: Schema | undefined): boolean =>
  schema === undefined ||
  schema['x-kubernetes-preserve-unknown-fields'] === true ||
  schema.additionalProperties === true

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key)

const pruneObject = (value: JsonObject, schema: Schema, path: string): string[] => {
  const embedded = schema['x-kubernetes-embedded-resource'] ? EMBEDDED : {}
  return Object.keys(value).flatMap((key) => {
    const child = childOf(schema, key) ?? (Object.hasOwn(embedded, key) ? embedded[key] : undefined)
    if (child) return pruneUnknown(value[key] ?? null, child, join(path, key))
    if (keepsUnknown(schema)) return []
    delete value[key]
    return [join(path, key)]
  })
}

/**
 * Removes the fields the schema does not know, in place.
 * @returns the paths that were removed
 */
export const pruneUnknown = (value: Json, schema: Schema, path = ''): string[] => {
  if (Array.isArray(value)) {
    const { items } = schema
    if (!items) return []
    return value.flatMap((item, index) => pruneUnknown(item, items, `${path}[${index}]`))
  }
  return isObject(value) ? pruneObject(value, schema, path) : []
}
