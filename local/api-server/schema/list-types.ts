import { canonicalJson, isObject, type Json, type JsonObject } from '../json.ts'
import type { StatusCause } from '../status.ts'
import { duplicate } from './causes.ts'
import { childOf, type Schema } from './schema.ts'

const keyOfItem = (item: Json, schema: Schema): JsonObject => {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  return Object.fromEntries(
    keys.map((key) => [key, (isObject(item) ? item[key] : undefined) ?? null]),
  )
}

const checkItems = (list: readonly Json[], schema: Schema, path: string): StatusCause[] => {
  const listType = schema['x-kubernetes-list-type']
  if (listType !== 'set' && listType !== 'map') return []
  const seen = new Set<string>()
  return list.flatMap((item, index) => {
    const key = listType === 'map' ? keyOfItem(item, schema) : item
    const text = canonicalJson(key)
    if (seen.has(text)) return [duplicate(`${path}[${index}]`, key)]
    seen.add(text)
    return []
  })
}

/** Finds the items of sets and of lists of maps that are there twice. */
export const checkListTypes = (value: Json, schema: Schema, path = ''): StatusCause[] => {
  if (Array.isArray(value)) {
    const { items } = schema
    const below = items
      ? value.flatMap((item, index) => checkListTypes(item, items, `${path}[${index}]`))
      : []
    return [...checkItems(value, schema, path), ...below]
  }
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const child = childOf(schema, key)
    return child ? checkListTypes(item, child, path ? `${path}.${key}` : key) : []
  })
}
