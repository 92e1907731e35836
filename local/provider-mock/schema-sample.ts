import { isObject, type JsonObject } from './json.ts'

/** Deep enough for any real schema, and where one that holds itself ends. */
const MAX_DEPTH = 16

/** The plainest value that fits a JSON schema, or Gemini's kind of it; bounds are not looked at. */
export const sampleOf = (schema: unknown): unknown => sample(schema, schema, 0)

const sample = (schema: unknown, root: unknown, depth: number): unknown => {
  if (!isObject(schema) || depth > MAX_DEPTH) return null
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (typeof schema.$ref === 'string') return sample(resolve(schema.$ref, root), root, depth + 1)
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (Array.isArray(choices)) return sample(choices[0], root, depth + 1)
  switch (toType(schema)) {
    case 'object':
      return sampleObject(schema, root, depth)
    case 'array':
      // Empty where a schema that holds itself must end.
      return depth === MAX_DEPTH ? [] : [sample(schema.items, root, depth + 1)]
    case 'string':
      return 'text'
    case 'number':
    case 'integer':
      return 1
    case 'boolean':
      return true
    default:
      return null
  }
}

/** Gemini writes types in capitals, and JSON schema may list several. */
const toType = ({ type, properties }: JsonObject): string => {
  const first = Array.isArray(type) ? type.find((name) => name !== 'null') : type
  return String(first ?? (properties && 'object')).toLowerCase()
}

const sampleObject = ({ properties }: JsonObject, root: unknown, depth: number): JsonObject => {
  const entries = Object.entries(isObject(properties) ? properties : {})
  return Object.fromEntries(entries.map(([name, each]) => [name, sample(each, root, depth + 1)]))
}

/** Follows `#/$defs/name`. */
const resolve = (reference: string, root: unknown): unknown => {
  const [, ...keys] = reference.split('/')
  return keys.reduce((value, key) => (isObject(value) ? value[key] : undefined), root)
}
