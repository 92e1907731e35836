import type { CompiledVariable } from '#config/compiled/prompt-variable.ts'
import { createPatternCompiler, type Pattern } from '#lib/pattern/pattern.ts'
import { patternCost } from '#lib/pattern/pattern-cost.ts'
import { FieldError } from '../runtime/field-error.ts'

/** Bounds for how long the values of one call keep the event loop: about 70 ms. */
const MAX_STEPS = 10_000_000

/** Compiles the pattern of a variable. @throws FieldError */
export type PatternCheck = (source: string, variable: CompiledVariable, field: string) => Pattern

/** The most characters that a pattern of a variable may have to read. */
const toMostCharacters = (variable: CompiledVariable): number => {
  if (variable.type === 'List') return variable.maxLength * variable.maxItems
  return variable.type === 'String' ? variable.maxLength : 0
}

/** Checks the patterns of the variables of one prompt, which share a budget. */
export const createPatternCheck = (): PatternCheck => {
  const compile = createPatternCompiler()
  let steps = 0
  return (source, variable, field) => {
    try {
      const pattern = compile(source)
      steps += patternCost(source) * toMostCharacters(variable)
      if (steps <= MAX_STEPS) return pattern
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause)
      throw new FieldError(`${field}.pattern: not a usable RE2 expression: ${detail}`, { cause })
    }
    throw new FieldError(
      `${field}.pattern: with those before it, takes too long for texts of this length; lower maxLength or maxItems`,
    )
  }
}
