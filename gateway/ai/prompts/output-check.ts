import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { toLoad } from './schema-load.ts'
import { createSchemaPatterns } from './schema-patterns.ts'

/** What an answer says, or what is wrong with it, without a final stop. */
export type CheckedOutput = { readonly value: unknown } | { readonly problem: string }

/** Checks the texts of answers against one schema. */
export interface OutputCheck {
  check(text: string): CheckedOutput
}

const MAX_CHARACTERS = 1_048_576
/** Characters read, times the schemas that each may have to fit: at worst about half a second. */
const MAX_STEPS = 8_000_000
/** What is nested without end cannot be written again. */
const MAX_DEPTH = 200
const MAX_PROBLEM_CHARACTERS = 500
const FENCE = '```'

/** Where an error says the rest of what it means. */
const DETAILS: Readonly<Record<string, string>> = {
  enum: 'allowedValues',
  const: 'allowedValue',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
}

const shorten = (problem: string): string =>
  (problem.length > MAX_PROBLEM_CHARACTERS
    ? `${problem.slice(0, MAX_PROBLEM_CHARACTERS)}...`
    : problem
  ).toWellFormed()

const toProblem = ({ instancePath, keyword, message, params }: ErrorObject): string => {
  const detail: unknown = params[DETAILS[keyword] ?? '']
  const suffix = detail === undefined ? '' : `: ${JSON.stringify(detail)}`
  const where = instancePath === '' ? 'it' : instancePath
  return shorten(`${where} ${message ?? 'does not fit'}${suffix}`)
}

/** Many models put JSON into a block of Markdown, whatever they are told. */
const unwrap = (text: string): string => {
  const trimmed = text.trim()
  const start = trimmed.indexOf('\n')
  const isFenced = trimmed.startsWith(FENCE) && trimmed.endsWith(FENCE) && start > 0
  return isFenced ? trimmed.slice(start, -FENCE.length) : trimmed
}

const isDeeper = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((child) => isDeeper(child, depth - 1))
}

const parse = (text: string, maxCharacters: number): CheckedOutput => {
  if (text.length > maxCharacters) {
    return { problem: `it is longer than ${maxCharacters} characters` }
  }
  try {
    const value: unknown = JSON.parse(unwrap(text))
    if (isDeeper(value, MAX_DEPTH)) return { problem: `it is nested deeper than ${MAX_DEPTH}` }
    return { value }
  } catch (error) {
    return { problem: shorten(`it is no JSON: ${(error as SyntaxError).message}`) }
  }
}

/**
 * Makes a check of a schema that the compile function has let through. It takes milliseconds, and
 * is worth keeping.
 *
 * @throws Error for a schema that is none, or refers to another one
 */
export const createOutputCheck = (schema: Readonly<Record<string, unknown>>): OutputCheck => {
  const patterns = createSchemaPatterns()
  const validate = new Ajv2020({
    strict: false,
    // JSON can say numbers that are greater than any of ours.
    strictNumbers: true,
    // Every object has a `constructor`; few have one of their own.
    ownProperties: true,
    validateFormats: false,
    // Was done when it was compiled.
    validateSchema: false,
    logger: false,
    code: { regExp: patterns.regExp },
  }).compile(schema)
  const maxCharacters = Math.min(MAX_CHARACTERS, Math.floor(MAX_STEPS / toLoad(schema)))
  return {
    check(text) {
      const parsed = parse(text, maxCharacters)
      if ('problem' in parsed) return parsed
      patterns.begin()
      try {
        if (validate(parsed.value)) return parsed
      } catch {
        return { problem: 'it takes too long to check' }
      }
      const [error] = validate.errors ?? []
      return { problem: error ? toProblem(error) : 'it does not fit' }
    },
  }
}
