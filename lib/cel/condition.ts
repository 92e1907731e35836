import { type ASTNode, Environment, serialize } from '@marcbachmann/cel-js'
import { createPatternFinder, type Pattern } from '../pattern/pattern.ts'

/** What an expression sees: CEL types by name, or an object of them. */
export type Variables = Readonly<Record<string, string | Readonly<Record<string, string>>>>

/** @throws Error when it cannot be evaluated, such as for a key that is not there */
export type Condition = (values: Readonly<Record<string, unknown>>) => boolean

const LIMITS = { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxCallArguments: 8 }

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value

/**
 * Rewrites `matches`: the library's is JavaScript's backtracking RegExp, where CEL promises RE2.
 * @param compile called for each pattern
 */
const replaceMatches = (value: unknown, compile: (pattern: string) => void): void => {
  if (Array.isArray(value)) for (const item of value) replaceMatches(item, compile)
  if (!isNode(value)) return
  const args: unknown = value.args
  if (value.op === 'rcall' && Array.isArray(args) && args[0] === 'matches') {
    const [pattern] = args[2] as ASTNode[]
    if (pattern?.op !== 'value') throw new TypeError('matches takes a literal pattern only')
    compile(String(pattern.args))
    args[0] = 'isFound'
  }
  replaceMatches(args, compile)
}

const createEnvironment = (variables: Variables, patterns: Map<string, Pattern>): Environment => {
  const environment = new Environment({ limits: LIMITS, unlistedVariablesAreDyn: false })
  environment.registerFunction(
    'string.isFound(string): bool',
    (text: string, pattern: string) => patterns.get(pattern)?.(text) ?? false,
  )
  for (const [name, type] of Object.entries(variables)) {
    if (typeof type === 'string') environment.registerVariable(name, type)
    else environment.registerVariable({ name, schema: { ...type } })
  }
  return environment
}

/**
 * Compiles a CEL expression that says yes or no.
 * @throws Error when it is no CEL, is of another type, or names what is not there
 */
export const compileCondition = (source: string, variables: Variables): Condition => {
  const patterns = new Map<string, Pattern>()
  const environment = createEnvironment(variables, patterns)
  const { ast } = environment.parse(source)
  const compile = createPatternFinder()
  replaceMatches(ast, (pattern) => patterns.set(pattern, compile(pattern)))
  const program = environment.parse(serialize(ast))
  const { valid, error, type } = program.check()
  if (!valid) throw error ?? new TypeError('is not valid')
  if (type !== 'bool') throw new TypeError(`is of type ${type}, not bool`)
  return (values) => program(values) === true
}
