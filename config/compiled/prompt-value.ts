import type { CompiledVariable } from './prompt-variable.ts'

/** What is wrong with a value, to be read after the name of its variable; undefined for nothing. */
export type ValueCheck = (value: unknown) => string | undefined

type CompilePattern = (source: string) => (text: string) => boolean
type Texts = Extract<CompiledVariable, { type: 'String' }> | List
type Numbers = Extract<CompiledVariable, { type: 'Integer' | 'Number' }>
type List = Extract<CompiledVariable, { type: 'List' }>

const MAX_LISTED_CHARACTERS = 200

/** Characters of a text as Unicode counts them. */
const countCharacters = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

const listValues = (values: readonly string[]): string => {
  const text = values.join(', ')
  if (text.length <= MAX_LISTED_CHARACTERS) return text
  return `${text.slice(0, MAX_LISTED_CHARACTERS)}...`.toWellFormed()
}

const findLengthProblem = (text: string, { minLength, maxLength }: Texts): string | undefined => {
  // A character takes up to two places, so few texts have to be counted.
  const isCounted = text.length > maxLength || text.length < 2 * minLength
  const count = isCounted && text.length <= 2 * maxLength ? countCharacters(text) : text.length
  if (count > maxLength) return `must have at most ${maxLength} characters`
  return count < minLength ? `must have at least ${minLength} characters` : undefined
}

const createTextCheck = (texts: Texts, compilePattern: CompilePattern): ValueCheck => {
  const { enum: values, pattern } = texts
  const allowed = values && new Set(values)
  const matches = pattern === undefined ? undefined : compilePattern(pattern)
  return (value) => {
    if (typeof value !== 'string') return 'must be a string'
    const problem = findLengthProblem(value, texts)
    if (problem !== undefined) return problem
    if (allowed && !allowed.has(value)) return `must be one of: ${listValues([...allowed])}`
    return matches && !matches(value) ? `must match ${pattern}` : undefined
  }
}

const createNumberCheck = ({ type, minimum, maximum }: Numbers): ValueCheck => {
  const isOne = type === 'Integer' ? Number.isSafeInteger : Number.isFinite
  const what = type === 'Integer' ? 'an integer' : 'a number'
  return (value) => {
    // JSON has numbers that are greater than any of ours.
    if (typeof value !== 'number' || !isOne(value)) return `must be ${what}`
    if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`
    return maximum !== undefined && value > maximum ? `must be at most ${maximum}` : undefined
  }
}

const createListCheck = ({ maxItems }: List, checkEntry: ValueCheck): ValueCheck => {
  return (value) => {
    if (!Array.isArray(value)) return 'must be a list of strings'
    if (value.length > maxItems) return `must have at most ${maxItems} entries`
    for (const [index, entry] of value.entries()) {
      const problem = checkEntry(entry)
      if (problem !== undefined) return `at [${index}] ${problem}`
    }
    return undefined
  }
}

const checkBoolean: ValueCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'must be true or false'

/**
 * Whether a value fits its variable: of a default when it is compiled, of a caller's when it is
 * rendered.
 *
 * @param compilePattern throws for what RE2 refuses
 */
export const createValueCheck = (
  variable: CompiledVariable,
  compilePattern: CompilePattern,
): ValueCheck => {
  switch (variable.type) {
    case 'String':
      return createTextCheck(variable, compilePattern)
    case 'Integer':
    case 'Number':
      return createNumberCheck(variable)
    case 'Boolean':
      return checkBoolean
    case 'List':
      return createListCheck(variable, createTextCheck(variable, compilePattern))
  }
}
