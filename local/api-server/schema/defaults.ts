import { cloneJson, isObject, type Json, type JsonObject } from '../json.ts'
import { additionalOf, type Schema } from './schema.ts'

const defaultProperties = (value: JsonObject, schema: Schema): void => {
  for (const [key, child] of Object.entries(schema.properties ?? {})) {
    const current = value[key]
    // A null where there may be none counts as absent: an empty field of a YAML file is one.
    const isAbsent = current === undefined || (current === null && !child.nullable)
    if (isAbsent && child.default !== undefined) value[key] = cloneJson(child.default)
    else if (current === null && isAbsent) delete value[key]
    const filled = value[key]
    if (filled !== undefined) applyDefaults(filled, child)
  }
}

/** Fills in the schema's defaults and drops nulls that may not be there, in place. */
export const applyDefaults = (value: Json, schema: Schema): void => {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) applyDefaults(item, schema.items)
    return
  }
  if (!isObject(value)) return
  defaultProperties(value, schema)
  const additional = additionalOf(schema)
  if (!additional) return
  for (const [key, item] of Object.entries(value))
    if (!schema.properties || !Object.hasOwn(schema.properties, key))
      applyDefaults(item, additional)
}
