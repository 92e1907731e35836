import { equalJson, isObject, type Json, type JsonObject } from '../json.ts'
import { childOf, type Schema } from '../schema/schema.ts'
import { badRequest } from '../status.ts'

const DELETE_FROM = '$deleteFromPrimitiveList/'
const ORDER = '$setElementOrder/'

const isMergeList = (schema: Schema | undefined): boolean =>
  schema?.['x-kubernetes-patch-strategy']?.split(',').includes('merge') ?? false

const mergePrimitives = (current: Json[], patch: Json[]): Json[] => [
  ...current,
  ...patch.filter((item) => !current.some((other) => equalJson(item, other))),
]

const mergeItems = (current: Json[], patch: Json[], schema: Schema, key: string): Json[] => {
  const result = [...current]
  const indexOf = (item: JsonObject): number =>
    result.findIndex((other) => isObject(other) && equalJson(other[key], item[key]))
  for (const item of patch) {
    if (!isObject(item)) throw badRequest('the items of this list are objects')
    if (item[key] === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`)
    const at = indexOf(item)
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1)
    } else if (at >= 0) result[at] = mergeValue(result[at], item, schema.items)
    else result.push(mergeValue({}, item, schema.items))
  }
  return result
}

const mergeList = (current: Json | undefined, patch: Json[], schema: Schema | undefined): Json => {
  const isReplaced = patch.some((item) => isObject(item) && item.$patch === 'replace')
  const items = patch.filter((item) => !(isObject(item) && item.$patch === 'replace'))
  if (!schema || !isMergeList(schema) || isReplaced) return items
  const key = schema['x-kubernetes-patch-merge-key']
  const list = Array.isArray(current) ? current : []
  return key ? mergeItems(list, items, schema, key) : mergePrimitives(list, items)
}

const orderBy = (list: Json[], order: Json[], key: string | undefined): Json[] => {
  const rank = (item: Json): number =>
    order.findIndex((wanted) =>
      key && isObject(item) && isObject(wanted)
        ? equalJson(item[key], wanted[key])
        : equalJson(item, wanted),
    )
  // Items the order does not name stay behind the ones it names.
  return list
    .map((item) => ({ item, rank: rank(item) }))
    .sort((a, b) => (a.rank < 0 || b.rank < 0 ? 0 : a.rank - b.rank))
    .map(({ item }) => item)
}

const applyDirective = (result: JsonObject, name: string, value: Json, schema?: Schema): void => {
  if (!Array.isArray(value)) return
  const field = name.slice(name.indexOf('/') + 1)
  const list = result[field]
  if (!Array.isArray(list)) return
  if (name.startsWith(DELETE_FROM))
    result[field] = list.filter((item) => !value.some((gone) => equalJson(gone, item)))
  else
    result[field] = orderBy(list, value, childOf(schema, field)?.['x-kubernetes-patch-merge-key'])
}

const baseOf = (current: Json | undefined, patch: JsonObject): JsonObject => {
  if (!isObject(current) || patch.$patch === 'replace') return {}
  const retained = patch.$retainKeys
  if (!Array.isArray(retained)) return { ...current }
  return Object.fromEntries(Object.entries(current).filter(([key]) => retained.includes(key)))
}

const mergeObject = (current: Json | undefined, patch: JsonObject, schema?: Schema): Json => {
  if (patch.$patch === 'delete') return null
  const result = baseOf(current, patch)
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    const merged = value === null ? null : mergeValue(result[key], value, childOf(schema, key))
    if (merged === null) delete result[key]
    else result[key] = merged
  }
  for (const [key, value] of Object.entries(patch))
    if (key.startsWith(DELETE_FROM) || key.startsWith(ORDER))
      applyDirective(result, key, value, schema)
  return result
}

const mergeValue = (current: Json | undefined, patch: Json, schema: Schema | undefined): Json => {
  if (isObject(patch)) return mergeObject(current, patch, schema)
  return Array.isArray(patch) ? mergeList(current, patch, schema) : patch
}

/**
 * Strategic merge patch: like a merge patch, with lists merged by the keys the schema gives.
 * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
export const applyStrategicMergePatch = (target: Json, patch: Json, schema: Schema): Json =>
  mergeValue(target, patch, schema)
