import { createValueCheck } from '#config/compiled/prompt-value.ts'
import { type CompiledVariable, compiledVariable } from '#config/compiled/prompt-variable.ts'
import {
  CONSTRAINTS,
  DEFAULT_MAX_ITEMS,
  DEFAULT_MAX_LENGTH,
  type PromptVariable,
  REQUIRED_WITH_DEFAULT,
  toMisplaced,
} from '#config/kinds/prompt-template-variable.ts'
import { FieldError } from '../runtime/field-error.ts'
import { createPatternCheck, type PatternCheck } from './patterns.ts'

const checkConstraints = (variable: PromptVariable, field: string): void => {
  for (const [name, types] of Object.entries(CONSTRAINTS)) {
    const constraint = name as keyof typeof CONSTRAINTS
    const isFor = (types as readonly string[]).includes(variable.type)
    if (variable[constraint] !== undefined && !isFor) {
      throw new FieldError(`${field}.${name}: ${toMisplaced(constraint)}`)
    }
  }
  if (variable.required === true && variable.default !== undefined) {
    throw new FieldError(`${field}.required: ${REQUIRED_WITH_DEFAULT}`)
  }
}

const toTexts = (variable: PromptVariable, field: string) => {
  const { minLength = 0, maxLength = DEFAULT_MAX_LENGTH, enum: values, pattern } = variable
  if (minLength > maxLength) throw new FieldError(`${field}.minLength: more than maxLength`)
  return {
    minLength,
    maxLength,
    ...(values && { enum: values }),
    ...(pattern !== undefined && { pattern }),
  }
}

const toNumbers = ({ minimum, maximum }: PromptVariable, field: string) => {
  if (Number(minimum ?? Number.NEGATIVE_INFINITY) > Number(maximum ?? Number.POSITIVE_INFINITY)) {
    throw new FieldError(`${field}.minimum: more than maximum`)
  }
  return {
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
  }
}

const toLimits = (variable: PromptVariable, field: string) => {
  switch (variable.type) {
    case 'String':
      return toTexts(variable, field)
    case 'Integer':
    case 'Number':
      return toNumbers(variable, field)
    case 'Boolean':
      return {}
    case 'List':
      return {
        ...toTexts(variable, field),
        maxItems: variable.maxItems ?? DEFAULT_MAX_ITEMS,
      }
  }
}

/** @returns undefined for what is no JSON, which fits no variable. */
const parseDefault = (text: string, { type }: PromptVariable): unknown => {
  if (type === 'String') return text
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const compileVariable = (
  variable: PromptVariable,
  field: string,
  checkPattern: PatternCheck,
): CompiledVariable => {
  checkConstraints(variable, field)
  const { name, type, required, description, default: text } = variable
  const compiled = compiledVariable.parse({
    name,
    type,
    required: required ?? text === undefined,
    ...(description !== undefined && { description }),
    ...toLimits(variable, field),
  })
  const check = createValueCheck(compiled, (source) => checkPattern(source, compiled, field))
  if (text === undefined) return compiled
  const value = parseDefault(text, variable)
  const problem = check(value)
  if (problem !== undefined) throw new FieldError(`${field}.default: ${problem}`)
  return compiledVariable.parse({ ...compiled, default: value })
}

/** The variables of one prompt, whose patterns share a budget. @throws FieldError */
export const compileVariables = (variables: readonly PromptVariable[]): CompiledVariable[] => {
  const checkPattern = createPatternCheck()
  return variables.map((variable, index) =>
    compileVariable(variable, `spec.variables[${index}]`, checkPattern),
  )
}
