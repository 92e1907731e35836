import { RE2JS } from 're2js'
import { patternCost } from './pattern-cost.ts'

/** Bounds one evaluation, which takes O(text × cost). */
const MAX_PATTERN_COST = 5000
/** Bounds for how long one update keeps the event loop. */
const MAX_ENTRY_COST = 200_000

/** Whether a pattern matches the whole text; linear in the text, whatever the pattern. */
export type Pattern = (text: string) => boolean

export type CompilePattern = (source: string) => Pattern

/**
 * Compiler for the patterns of one object, which share a budget.
 * It throws when RE2 refuses a pattern, or when it would compile to too much.
 */
export const createPatternCompiler = (): CompilePattern => {
  let spent = 0
  return (source) => {
    const cost = patternCost(source)
    spent += cost
    if (cost > MAX_PATTERN_COST) throw new RangeError(`too complex: ${source}`)
    if (spent > MAX_ENTRY_COST) throw new RangeError('regular expressions too complex in sum')
    const compiled = RE2JS.compile(source)
    return (text) => compiled.testExact(text)
  }
}
