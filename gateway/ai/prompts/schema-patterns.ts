import { RE2JS } from 're2js'
import { createPatternFinder } from '#lib/pattern/pattern.ts'
import { patternCost } from '#lib/pattern/pattern-cost.ts'

/** Characters read by patterns, times what the patterns cost: about 300 ms. */
const MAX_STEPS = 50_000_000

/**
 * The engine for the patterns of one schema: each takes linear time, and all together not too much
 * of it for one answer. https://ajv.js.org/options.html#code
 */
export const createSchemaPatterns = () => {
  const compile = createPatternFinder()
  let steps = 0
  const toPattern = (source: string) => {
    const pattern = compile(RE2JS.translateRegExp(source))
    const cost = patternCost(source)
    return {
      /** @throws RangeError when the answer has taken too much time */
      test(text: string) {
        steps += text.length * cost
        if (steps > MAX_STEPS) throw new RangeError('too much text for the patterns')
        return pattern(text)
      },
      // What ajv tells one pattern from another by.
      toString: () => source,
    }
  }
  const patterns = new Map<string, ReturnType<typeof toPattern>>()
  const create = (source: string) => {
    const pattern = patterns.get(source) ?? toPattern(source)
    patterns.set(source, pattern)
    return pattern
  }
  return {
    // Its code is of use only where checks are written to files.
    regExp: Object.assign(create, { code: '' }),
    /** Begins another answer. */
    begin() {
      steps = 0
    },
  }
}
