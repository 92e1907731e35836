import { createValueCheck, type ValueCheck } from '#config/compiled/prompt-value.ts'
import type { CompiledVariable, CompiledVariables } from '#config/compiled/prompt-variable.ts'
import { createPatternCompiler } from '#lib/pattern/pattern.ts'
import { RequestFault } from '../chat/request-fault.ts'

/** What each variable says in a text, by name. */
export type Texts = ReadonlyMap<string, string>

const SEPARATOR = ', '
const MAX_NAME_CHARACTERS = 64

type Checks = ReadonlyMap<string, ValueCheck>

/** Of the variables of a fragment, which lives as long as its prompt is served as it is. */
const known = new WeakMap<CompiledVariables, Checks>()

const toChecks = (variables: CompiledVariables): Checks => {
  const made = known.get(variables)
  if (made) return made
  const compile = createPatternCompiler()
  const checks = new Map(variables.map((each) => [each.name, createValueCheck(each, compile)]))
  known.set(variables, checks)
  return checks
}

/** As JSON has it, but for strings, which have no quotes. */
const toText = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(SEPARATOR)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const toParam = (name: string): string => {
  const isLong = name.length > MAX_NAME_CHARACTERS
  return `variables.${isLong ? `${name.slice(0, MAX_NAME_CHARACTERS)}...` : name}`.toWellFormed()
}

/** By name, so that none is found that the caller did not give, such as `constructor`. */
const toGiven = (values: unknown): ReadonlyMap<string, unknown> => {
  if (values === undefined || values === null) return new Map()
  if (typeof values === 'object' && !Array.isArray(values)) return new Map(Object.entries(values))
  throw new RequestFault('variables', "'variables' must be an object.")
}

/** @param value undefined, or null, for none */
const readValue = (variable: CompiledVariable, value: unknown, checks: Checks): string => {
  const { name, required, default: byDefault } = variable
  const param = toParam(name)
  if (value === undefined || value === null) {
    if (required) throw new RequestFault(param, `Missing required parameter: '${param}'.`)
    return toText(byDefault ?? '')
  }
  const problem = checks.get(name)?.(value)
  if (problem !== undefined) throw new RequestFault(param, `'${param}' ${problem}.`)
  return toText(value)
}

/**
 * The values of a call as texts.
 *
 * @param values JSON of the caller; null stands for what is absent
 * @throws RequestFault when they do not fit the variables
 */
export const readValues = (variables: CompiledVariables, values: unknown): Texts => {
  const given = toGiven(values)
  const checks = toChecks(variables)
  for (const name of given.keys()) {
    if (checks.has(name)) continue
    const param = toParam(name)
    throw new RequestFault(param, `'${param}' is no variable of this prompt.`)
  }
  return new Map(
    variables.map((variable) => {
      const { name } = variable
      return [name, readValue(variable, given.get(name), checks)]
    }),
  )
}
