import { equalJson, isObject, type Json, type JsonObject } from '../json.ts'
import type { StatusCause } from '../status.ts'
import { invalidType, invalidValue, notSupported, required, tooLong, tooMany } from './causes.ts'
import { matchesFormat } from './formats.ts'
import { matchesPattern } from './patterns.ts'
import { childOf, type Schema } from './schema.ts'

/** The name of a value's JSON type. */
const typeOf = (value: Json): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const hasType = (value: Json, schema: Schema): boolean => {
  const type = typeOf(value)
  if (schema['x-kubernetes-int-or-string']) return type === 'integer' || type === 'string'
  if (!schema.type || schema.type === type) return true
  return schema.type === 'number' && type === 'integer'
}

const wantedType = (schema: Schema): string =>
  schema['x-kubernetes-int-or-string'] ? 'integer,string' : (schema.type ?? '')

// As on the real server, the first thing wrong with a string is told.
const checkString = (value: string, schema: Schema, path: string): StatusCause[] => {
  const { maxLength, minLength, pattern, format } = schema
  const length = [...value].length
  if (maxLength !== undefined && length > maxLength)
    return [tooLong(path, `may not be more than ${maxLength} bytes`)]
  const wrong = (why: string): StatusCause[] => [
    invalidValue(path, value, `${path} in body ${why}`),
  ]
  if (minLength !== undefined && length < minLength)
    return wrong(`should be at least ${minLength} chars long`)
  if (pattern !== undefined && !matchesPattern(pattern, value))
    return wrong(`should match '${pattern}'`)
  if (format && !matchesFormat(format, value))
    return [
      invalidType(
        path,
        value,
        `${path} in body must be of type ${format}: ${JSON.stringify(value)}`,
      ),
    ]
  return []
}

const checkNumber = (value: number, schema: Schema, path: string): StatusCause[] => {
  const causes: StatusCause[] = []
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    causes.push(
      invalidValue(
        path,
        value,
        `${path} in body should be less than${exclusiveMaximum ? '' : ' or equal to'} ${maximum}`,
      ),
    )
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    causes.push(
      invalidValue(
        path,
        value,
        `${path} in body should be greater than${exclusiveMinimum ? '' : ' or equal to'} ${minimum}`,
      ),
    )
  if (multipleOf !== undefined && value % multipleOf !== 0)
    causes.push(invalidValue(path, value, `${path} in body should be a multiple of ${multipleOf}`))
  return causes
}

const checkArray = (value: Json[], schema: Schema, path: string): StatusCause[] => {
  const causes: StatusCause[] = []
  const { items, maxItems, minItems } = schema
  if (maxItems !== undefined && value.length > maxItems)
    return [tooMany(path, value.length, maxItems)]
  if (minItems !== undefined && value.length < minItems)
    causes.push(
      invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`),
    )
  if (items)
    for (const [index, item] of value.entries())
      causes.push(...validateValue(item, items, `${path}[${index}]`))
  return causes
}

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key)

const byKey = ([a]: [string, Json], [b]: [string, Json]): number => (a < b ? -1 : 1)

const checkObject = (value: JsonObject, schema: Schema, path: string): StatusCause[] => {
  const causes: StatusCause[] = []
  for (const key of schema.required ?? [])
    if (value[key] === undefined) causes.push(required(join(path, key)))
  const count = Object.keys(value).length
  if (schema.maxProperties !== undefined && count > schema.maxProperties)
    causes.push(tooMany(path, count, schema.maxProperties))
  if (schema.minProperties !== undefined && count < schema.minProperties)
    causes.push(
      invalidValue(
        path,
        count,
        `${path} in body should have at least ${schema.minProperties} properties`,
      ),
    )
  for (const [key, item] of Object.entries(value).sort(byKey)) {
    const child = childOf(schema, key)
    if (child) causes.push(...validateValue(item, child, join(path, key)))
  }
  return causes
}

const junctor = (path: string, why: string): StatusCause => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: "": ${JSON.stringify(path)} must ${why}`,
  field: '<nil>',
})

const fewest = (results: StatusCause[][]): StatusCause[] =>
  results.reduce((best, causes) => (causes.length < best.length ? causes : best))

const checkOneOf = (results: StatusCause[][], path: string): StatusCause[] => {
  const count = results.filter((causes) => causes.length === 0).length
  if (count === 1) return []
  const why = 'validate one and only one schema (oneOf). Found'
  if (count > 1) return [junctor(path, `${why} ${count} valid alternatives`)]
  return [junctor(path, `${why} none valid`), ...fewest(results)]
}

const checkAnyOf = (results: StatusCause[][], path: string): StatusCause[] =>
  results.some((causes) => causes.length === 0)
    ? []
    : [junctor(path, 'validate at least one schema (anyOf)'), ...fewest(results)]

const checkJunctors = (value: Json, schema: Schema, path: string): StatusCause[] => {
  const check = (part: Schema): StatusCause[] => validateValue(value, part, path)
  const causes = (schema.allOf ?? []).flatMap(check)
  if (schema.anyOf) causes.push(...checkAnyOf(schema.anyOf.map(check), path))
  if (schema.oneOf) causes.push(...checkOneOf(schema.oneOf.map(check), path))
  if (schema.not && check(schema.not).length === 0)
    causes.push(junctor(path, 'not validate the schema (not)'))
  return causes
}

const checkByType = (value: Json, schema: Schema, path: string): StatusCause[] => {
  if (typeof value === 'string') return checkString(value, schema, path)
  if (typeof value === 'number') return checkNumber(value, schema, path)
  if (Array.isArray(value)) return checkArray(value, schema, path)
  return isObject(value) ? checkObject(value, schema, path) : []
}

/**
 * Compares a value with a structural schema (all but CEL rules).
 * @returns one cause for each wrong field; none when the value is right
 */
export const validateValue = (value: Json, schema: Schema, path = ''): StatusCause[] => {
  if (value === null && schema.nullable) return []
  if (!hasType(value, schema)) {
    const type = typeOf(value)
    const why = `${path} in body must be of type ${wantedType(schema)}: ${JSON.stringify(type)}`
    return [invalidType(path, type, why)]
  }
  const causes = checkByType(value, schema, path)
  if (schema.enum && !schema.enum.some((allowed) => equalJson(allowed, value)))
    causes.push(notSupported(path, value, schema.enum))
  causes.push(...checkJunctors(value, schema, path))
  return causes
}
