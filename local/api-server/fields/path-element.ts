import { canonicalJson, isObject, type Json, type JsonObject } from '../json.ts'
import type { Schema } from '../schema/schema.ts'

/**
 * One step of a path as fieldsV1 writes it: `f:name`, `k:{"type":"Ready"}` (item of a list of maps), `v:"x"` (item of a set).
 * https://github.com/kubernetes-sigs/structured-merge-diff
 */
export type PathElement = string

export const fieldElement = (name: string): PathElement => `f:${name}`

/** How the items of a list are told apart; undefined when the list is one value. */
export const listKind = (schema: Schema | undefined): 'map' | 'set' | undefined => {
  const type = schema?.['x-kubernetes-list-type']
  return type === 'map' || type === 'set' ? type : undefined
}

const keyField = (item: Json, key: string, schema: Schema | undefined): Json => {
  const value = isObject(item) ? item[key] : undefined
  return value ?? schema?.items?.properties?.[key]?.default ?? null
}

/** The element of a list's item. */
export const itemElement = (item: Json, schema: Schema | undefined): PathElement => {
  if (listKind(schema) === 'set') return `v:${canonicalJson(item)}`
  const keys = [...(schema?.['x-kubernetes-list-map-keys'] ?? [])].sort()
  const fields: JsonObject = {}
  for (const key of keys) {
    const value = keyField(item, key, schema)
    if (value !== null) fields[key] = value
  }
  return `k:${canonicalJson(fields)}`
}

/** Whether an object is one value for ownership. */
export const isAtomicMap = (schema: Schema | undefined): boolean =>
  schema?.['x-kubernetes-map-type'] === 'atomic'

const keyPairs = (text: string): string[] => {
  try {
    const fields = JSON.parse(text) as JsonObject
    return Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  } catch {
    // Users may write managedFields, and write anything.
    return [text]
  }
}

/** A path as messages show it: `.spec.ports[port=80,protocol="TCP"].name`. */
export const showPath = (path: readonly PathElement[]): string =>
  path
    .map((element) => {
      const rest = element.slice(2)
      if (element.startsWith('f:')) return `.${rest}`
      if (element.startsWith('v:')) return `[=${rest}]`
      return `[${keyPairs(rest).join(',')}]`
    })
    .join('')
