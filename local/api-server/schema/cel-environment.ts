import { type ASTNode, Environment, type ParseResult, serialize } from '@marcbachmann/cel-js'
import { findPattern, matchesPattern } from './patterns.ts'

type Comparable = bigint | number | string | boolean

const isSorted = (list: Comparable[]): boolean =>
  list.every((item, index) => index === 0 || (list[index - 1] ?? item) <= item)

const extreme = (list: Comparable[], isBetter: (a: Comparable, b: Comparable) => boolean) => {
  const [first, ...rest] = list
  if (first === undefined) throw new RangeError('the list is empty')
  return rest.reduce((best, item) => (isBetter(item, best) ? item : best), first)
}

const sum = (list: (bigint | number)[]): bigint | number =>
  typeof list[0] === 'number'
    ? list.reduce<number>((total, item) => total + Number(item), 0)
    : list.reduce<bigint>((total, item) => total + BigInt(item), 0n)

const environment = new Environment({
  unlistedVariablesAreDyn: false,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
})
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn')
  .registerFunction('string.re2Matches(string): bool', (text: string, pattern: string) =>
    matchesPattern(pattern, text),
  )
  .registerFunction(
    'hasField(dyn, string): bool',
    (target: unknown, name: string) =>
      typeof target === 'object' && target !== null && Object.hasOwn(target, name),
  )
  .registerFunction('string.find(string): string', (text: string, pattern: string) =>
    findPattern(pattern, text),
  )
  .registerFunction(
    'string.replace(string, string): string',
    (text: string, from: string, to: string) => text.replaceAll(from, () => to),
  )
  .registerFunction('string.charAt(int): string', (text: string, at: bigint) =>
    text.charAt(Number(at)),
  )
  .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
  .registerFunction('list.isSorted(): bool', isSorted)
  .registerFunction('list.sum(): dyn', sum)
  .registerFunction('list.min(): dyn', (list: Comparable[]) => extreme(list, (a, b) => a < b))
  .registerFunction('list.max(): dyn', (list: Comparable[]) => extreme(list, (a, b) => a > b))

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value

const isPlainPath = (node: ASTNode): boolean =>
  node.op === 'id' || (node.op === '.' && isPlainPath(node.args[0]))

/**
 * Rewrites what the library does otherwise than Kubernetes: `matches` uses JavaScript's backtracking RegExp where
 * Kubernetes promises RE2, and `has` takes plain paths only, not `has(self.list[0].field)`.
 */
const adapt = (value: unknown): void => {
  if (Array.isArray(value)) for (const item of value) adapt(item)
  if (!isNode(value)) return
  const args: unknown = value.args
  if (value.op === 'rcall' && Array.isArray(args) && args[0] === 'matches') args[0] = 're2Matches'
  if (value.op === 'call' && value.args[0] === 'has') {
    const [test] = value.args[1]
    if (test?.op === '.' && !isPlainPath(test)) {
      const [target, field] = test.args
      Object.assign(value, { args: ['hasField', [target, { op: 'value', args: field }]] })
    }
  }
  adapt(value.args)
}

const MAX_RULES = 2000
const compiled = new Map<string, ParseResult>()

/**
 * Compiles a CEL expression over `self` and `oldSelf`; once for each text.
 * @throws ParseError or TypeError when it is no CEL, or calls what is not known here
 */
export const compileCel = (expression: string): ParseResult => {
  let program = compiled.get(expression)
  if (!program) {
    const parsed = environment.parse(expression)
    adapt(parsed.ast)
    program = environment.parse(serialize(parsed.ast))
    const checked = program.check()
    if (checked.error) throw checked.error
    if (compiled.size >= MAX_RULES) compiled.clear()
    compiled.set(expression, program)
  }
  return program
}
