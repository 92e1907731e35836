import { RE2JS } from 're2js'
import { patternCost } from './pattern-cost.ts'

/** Bounds one evaluation, which takes O(text × cost). */
const MAX_PATTERN_COST = 5000
/** Bounds for how long one update keeps the event loop. */
const MAX_ENTRY_COST = 200_000

/** Whether a pattern matches a text; linear in the text, whatever the pattern. */
export type Pattern = (text: string) => boolean

export type CompilePattern = (source: string) => Pattern

const createCompiler = (toPattern: (compiled: RE2JS) => Pattern): CompilePattern => {
  let spent = 0
  return (source) => {
    const cost = patternCost(source)
    spent += cost
    if (cost > MAX_PATTERN_COST) throw new RangeError(`too complex: ${source}`)
    if (spent > MAX_ENTRY_COST) throw new RangeError('regular expressions too complex in sum')
    return toPattern(RE2JS.compile(source))
  }
}

/**
 * Compiler for the patterns of one object, which share a budget; they match whole texts.
 * It throws when RE2 refuses a pattern, or when it would compile to too much.
 */
export const createPatternCompiler = (): CompilePattern =>
  createCompiler((compiled) => (text) => compiled.testExact(text))

/** The same for patterns that match anywhere in a text. */
export const createPatternFinder = (): CompilePattern =>
  createCompiler((compiled) => (text) => compiled.test(text))
