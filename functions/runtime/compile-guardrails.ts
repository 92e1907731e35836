import { type CompiledGuardrail, STAGES, type Stage } from '#config/compiled/guardrail.ts'
import { CHECK_NAMES, type GuardrailSpec } from '#config/kinds/guardrail.ts'
import { createPatternCompiler } from '#lib/pattern/pattern.ts'
import { patternCost } from '#lib/pattern/pattern-cost.ts'
import { compileDuration } from './compile-duration.ts'
import { compileUrl } from './compile-url.ts'
import { FieldError } from './field-error.ts'

type Check = CompiledGuardrail['check']
type CheckName = (typeof CHECK_NAMES)[number]
type CheckCompilers = {
  [Name in CheckName]: (spec: NonNullable<GuardrailSpec[Name]>, field: string) => Check
}

/** Texts of calls are long: a pattern for them must be simpler than one for a path. */
const MAX_COST = 1000

const checkPattern = (source: string, field: string): void => {
  try {
    if (patternCost(source) > MAX_COST) throw new RangeError(`too complex: ${source}`)
    const matches = createPatternCompiler()(source)
    if (!matches('')) return
  } catch (error) {
    throw new FieldError(`${field}: ${(error as Error).message}`, { cause: error })
  }
  throw new FieldError(`${field}: must not match the empty text`)
}

const compileTimeout = (timeout: string, field: string): number => {
  const ms = compileDuration(timeout, field)
  if (ms === 0) throw new FieldError(`${field}: must be longer than 0s`)
  return ms
}

const compileTarget = (url: string, field: string) => {
  const { protocol, host, port } = compileUrl(url, field)
  const { pathname, search } = new URL(url)
  return { protocol, host, port, path: `${pathname}${search}` }
}

const COMPILERS: CheckCompilers = {
  pii: ({ types, reversible }) => ({ type: 'pii', types: [...new Set(types)], reversible }),
  patterns: (patterns, field) => {
    for (const [index, source] of patterns.entries()) checkPattern(source, `${field}[${index}]`)
    return { type: 'patterns', patterns }
  },
  promptInjection: ({ sensitivity }) => ({ type: 'promptInjection', sensitivity }),
  topics: ({ deny }, field) => {
    const wordless = deny.findIndex((phrase) => !/[\p{L}\p{N}]/u.test(phrase))
    if (wordless >= 0) throw new FieldError(`${field}.deny[${wordless}]: has no word in it`)
    return { type: 'topics', deny }
  },
  size: (size, field) => {
    const { maxCharacters, maxMessages } = size
    if (maxCharacters === undefined && maxMessages === undefined) {
      throw new FieldError(`${field}: maxCharacters or maxMessages must be set`)
    }
    return { type: 'size', ...size }
  },
  model: ({ name, ...model }) => ({ type: 'model', model: name, ...model }),
  webhook: ({ url, timeout, onFailure }, field) => ({
    type: 'webhook',
    target: compileTarget(url, `${field}.url`),
    timeoutMs: compileTimeout(timeout, `${field}.timeout`),
    onFailure,
  }),
}

const compileCheck = <Name extends CheckName>(
  name: Name,
  spec: GuardrailSpec,
  field: string,
): Check => COMPILERS[name](spec[name] as NonNullable<GuardrailSpec[Name]>, `${field}.${name}`)

const toPossibleStages = (check: Check): readonly Stage[] => {
  if (check.type === 'promptInjection') return ['Request']
  return check.type === 'size' && check.maxCharacters === undefined ? ['Request'] : STAGES
}

const compileStages = (spec: GuardrailSpec, check: Check, field: string): Stage[] => {
  const possible = toPossibleStages(check)
  const stages = spec.on ?? possible
  const wrong = stages.find((stage) => !possible.includes(stage))
  if (wrong !== undefined) throw new FieldError(`${field}.on: this check is for requests only`)
  return STAGES.filter((stage) => stages.includes(stage))
}

const MASKING: readonly CheckName[] = ['pii', 'patterns', 'topics', 'webhook']

const compileGuardrail = (spec: GuardrailSpec, field: string): CompiledGuardrail => {
  const [name, ...others] = CHECK_NAMES.filter((check) => spec[check] !== undefined)
  if (name === undefined || others.length > 0) {
    throw new FieldError(`${field}: exactly one of ${CHECK_NAMES.join(', ')} must be set`)
  }
  if (spec.action === 'Mask' && !MASKING.includes(name)) {
    throw new FieldError(`${field}.action: ${name} cannot mask`)
  }
  const check = compileCheck(name, spec, field)
  return {
    name: spec.name,
    stages: compileStages(spec, check, field),
    action: spec.action,
    ...(spec.message !== undefined && { message: spec.message }),
    check,
  }
}

/**
 * Compiles the guardrails of an object.
 *
 * @param field where they stand in it, such as `spec.guardrails`
 * @throws FieldError for what the CRD lets through but cannot be compiled
 */
export const compileGuardrails = (
  specs: readonly GuardrailSpec[],
  field: string,
): CompiledGuardrail[] => {
  const names = new Set<string>()
  return specs.map((spec, index) => {
    if (names.has(spec.name)) throw new FieldError(`${field}[${index}].name: stands there twice`)
    names.add(spec.name)
    return compileGuardrail(spec, `${field}[${index}]`)
  })
}
