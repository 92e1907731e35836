import { Ajv2020 } from 'ajv/dist/2020.js'
import { RE2JS } from 're2js'
import { createPatternFinder } from '#lib/pattern/pattern.ts'
import { FieldError } from '../runtime/field-error.ts'
import { resolveSchema } from './resolve-schema.ts'
import type { Schema } from './schema-keywords.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
const MAX_ENUM = 1000
const MAX_CHOICES = 200
const MAX_DEPTH = 100
const MAX_DETAIL_CHARACTERS = 300
const SCALARS: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'null']

/** What is nested without end cannot be read at all. */
const checkDepth = (value: unknown, field: string, depth = 0): void => {
  if (depth > MAX_DEPTH) throw new FieldError(`${field}: nested deeper than ${MAX_DEPTH}`)
  if (typeof value !== 'object' || value === null) return
  for (const child of Object.values(value)) checkDepth(child, field, depth + 1)
}

/** Whether values can be told apart without comparing each with each. */
const isScalar = (schema: unknown): boolean => {
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return false
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return types.length > 0 && types.every((type) => SCALARS.includes(type))
}

/** Refuses what would keep the gateway busy for too long. */
const createCostVisit = (rootField: string) => {
  let choices = 0
  return ({ enum: values, uniqueItems, items, anyOf, oneOf, allOf }: Schema, field: string) => {
    if (Array.isArray(values) && values.length > MAX_ENUM) {
      throw new FieldError(`${field}.enum: more than ${MAX_ENUM} values`)
    }
    if (uniqueItems === true && !isScalar(items)) {
      const message = 'only for items of a type that is no object or list'
      throw new FieldError(`${field}.uniqueItems: ${message}`)
    }
    for (const list of [anyOf, oneOf, allOf]) choices += Array.isArray(list) ? list.length : 0
    if (choices > MAX_CHOICES) {
      const message = `more than ${MAX_CHOICES} schemas in anyOf, oneOf and allOf`
      throw new FieldError(`${rootField}: ${message}, references resolved`)
    }
  }
}

const createPatternVisit = () => {
  const compile = createPatternFinder()
  const check = (source: string, field: string) => {
    try {
      compile(RE2JS.translateRegExp(source))
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause)
      const problem = `not a usable RE2 expression: ${detail}`
      throw new FieldError(`${field}: ${problem.slice(0, MAX_DETAIL_CHARACTERS)}`, { cause })
    }
  }
  return ({ pattern, patternProperties }: Schema, field: string) => {
    if (typeof pattern === 'string') check(pattern, `${field}.pattern`)
    for (const source of Object.keys(patternProperties ?? {})) {
      check(source, `${field}.patternProperties`)
    }
  }
}

/** Patterns are checked apart from this. */
const regExp = Object.assign(() => /^/, { code: '' })

/** https://ajv.js.org/options.html */
const checkCompiles = (schema: Schema, field: string): void => {
  try {
    const options = {
      strict: false,
      validateFormats: false,
      logger: false,
      code: { regExp },
    } as const
    new Ajv2020(options).compile(schema)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new FieldError(`${field}: ${detail.slice(0, MAX_DETAIL_CHARACTERS)}`, { cause })
  }
}

/** A schema that the gateway can check answers against, without references. @throws FieldError */
export const compileOutputSchema = (
  schema: Schema,
  field: string,
): Schema & Record<string, unknown> => {
  checkDepth(schema, field)
  if (schema.$schema !== undefined && schema.$schema !== DIALECT) {
    throw new FieldError(`${field}.$schema: must be ${DIALECT}`)
  }
  const visitCost = createCostVisit(field)
  const visitPatterns = createPatternVisit()
  const resolved = resolveSchema(schema, field, (part, at) => {
    visitCost(part, at)
    visitPatterns(part, at)
  })
  checkCompiles(resolved, field)
  return resolved
}
