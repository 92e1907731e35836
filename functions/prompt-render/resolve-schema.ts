import { FieldError } from '../runtime/field-error.ts'
import {
  ANNOTATIONS,
  DROPPED,
  ONE_SCHEMA,
  REFUSED,
  SCHEMA_LIST,
  SCHEMA_MAP,
  type Schema,
} from './schema-keywords.ts'

/** The gateway turns a schema into code, which takes it about 10 ms for each 2,000 of them. */
const MAX_CHARACTERS = 16_384
const MAX_DEPTH = 48

/** What is done with a schema, once its own schemas are resolved. */
type Visit = (schema: Schema, field: string) => void

/** Where in a schema one is, with all that lies between. */
interface Place {
  readonly field: string
  readonly depth: number
  /** References that led here: one that comes again would lead here for ever. */
  readonly refs: readonly string[]
}

/** A message names fields, and must not become as long as the schema. */
const toField = (field: string, name: string): string => `${field}.${name.slice(0, 64)}`

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a JSON pointer leads to; undefined where it leads nowhere. */
const follow = (root: Schema, ref: string): unknown => {
  let value: unknown = root
  for (const part of ref.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Schema)[key]
  }
  return value
}

/** @returns the text itself where it is not valid. */
const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const findTarget = (root: Schema, ref: unknown, { field, refs }: Place): unknown => {
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) {
    throw new FieldError(`${field}.$ref: only a part of this schema can be referred to, as #/...`)
  }
  if (ref === '#' || refs.includes(ref)) {
    throw new FieldError(`${field}.$ref: leads back to itself; recursive schemas are not supported`)
  }
  const target = follow(root, decode(ref))
  if (target === undefined) throw new FieldError(`${field}.$ref: leads nowhere`)
  return target
}

/** A schema with what stands beside its reference. */
const merge = (target: unknown, { $ref, ...beside }: Schema): unknown => {
  const names = Object.keys(beside)
  if (names.length === 0) return target
  if (isSchema(target) && names.every((name) => ANNOTATIONS.has(name))) {
    return { ...target, ...beside }
  }
  const { allOf } = beside
  return { ...beside, allOf: [...(Array.isArray(allOf) ? allOf : []), target] }
}

/**
 * A schema whose references are replaced by what they lead to: nothing that reads it later has to
 * follow any, and its length says what it costs.
 *
 * @throws FieldError for references that are not within it or are recursive, and over the limits
 */
export const resolveSchema = (root: Schema, rootField: string, visit: Visit): Schema => {
  let left = MAX_CHARACTERS

  const spend = (characters: number) => {
    left -= characters
    if (left < 0) {
      throw new FieldError(
        `${rootField}: longer than ${MAX_CHARACTERS} characters once references are resolved`,
      )
    }
  }

  const resolveKeyword = (name: string, value: unknown, place: Place): unknown => {
    if (ONE_SCHEMA.has(name)) return resolve(value, place)
    if (SCHEMA_LIST.has(name) && Array.isArray(value)) {
      return value.map((entry, index) =>
        resolve(entry, { ...place, field: `${place.field}[${index}]` }),
      )
    }
    if (SCHEMA_MAP.has(name) && isSchema(value)) {
      const entries = Object.entries(value).map(([key, entry]) => {
        spend(key.length)
        return [key, resolve(entry, { ...place, field: toField(place.field, key) })]
      })
      return Object.fromEntries(entries)
    }
    spend(JSON.stringify(value).length)
    return value
  }

  const resolve = (value: unknown, place: Place): unknown => {
    const { field, depth, refs } = place
    spend(2)
    if (typeof value === 'boolean') return value
    if (!isSchema(value)) throw new FieldError(`${field}: is no schema`)
    if (depth > MAX_DEPTH) throw new FieldError(`${rootField}: nested deeper than ${MAX_DEPTH}`)
    const entries = Object.entries(value).flatMap(([name, child]) => {
      const at = toField(field, name)
      spend(name.length)
      if (REFUSED.has(name) || (name === '$id' && depth > 0)) {
        throw new FieldError(`${at}: is not supported`)
      }
      if (DROPPED.has(name)) return []
      return [[name, resolveKeyword(name, child, { field: at, depth: depth + 1, refs })]]
    })
    const resolved: Schema = Object.fromEntries(entries)
    visit(resolved, field)
    if (!Object.hasOwn(resolved, '$ref')) return resolved
    const target = findTarget(root, resolved.$ref, place)
    const inner = { field, depth: depth + 1, refs: [...refs, String(resolved.$ref)] }
    return merge(resolve(target, inner), resolved)
  }

  return resolve(root, { field: rootField, depth: 0, refs: [] }) as Schema
}
