import { CALL_VARIABLES } from '#config/compiled/call-variables.ts'
import type { CompiledModelRef, CompiledPolicy } from '#config/compiled/routing-policy.ts'
import { type LlmRoutingPolicySpec, llmRoutingPolicy } from '#config/kinds/llm-routing-policy.ts'
import { compileCondition } from '#lib/cel/condition.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { compileCache } from '../runtime/compile-cache.ts'
import { compileDuration } from '../runtime/compile-duration.ts'
import { compileGuardrails } from '../runtime/compile-guardrails.ts'
import { compileLimits } from '../runtime/compile-limits.ts'
import { FieldError } from '../runtime/field-error.ts'
import { createSpecCompiler } from '../runtime/spec-compiler.ts'
import { compileRetry } from './compile-retry.ts'

type Rule = LlmRoutingPolicySpec['rules'][number]

const compileRef = ({ name, version }: CompiledModelRef): CompiledModelRef => ({
  name,
  ...(version !== undefined && { version }),
})

/** @throws FieldError when it is no CEL over the variables of a call, or no condition */
const checkCondition = (source: string, field: string): void => {
  try {
    compileCondition(source, CALL_VARIABLES)
  } catch (error) {
    const { message } = error as Error
    throw new FieldError(`${field}: ${message.split('\n', 1)[0]}`, { cause: error })
  }
}

const compileRule = (rule: Rule, index: number): CompiledPolicy['rules'][number] => {
  const { name, when, strategy, models } = rule
  const field = `spec.rules[${index}]`
  if (when !== undefined) checkCondition(when, `${field}.when`)
  if (strategy === 'Weighted' && models.every(({ weight }) => weight === 0)) {
    throw new FieldError(`${field}.models: no model has a weight`)
  }
  return {
    ...(name !== undefined && { name }),
    ...(when !== undefined && { when }),
    strategy,
    models: models.map((model) => ({ ...compileRef(model), weight: model.weight })),
  }
}

const compileSticky = ({
  by,
  header,
}: NonNullable<LlmRoutingPolicySpec['sticky']>): CompiledPolicy['sticky'] => {
  // The CRD's rule says so too.
  if ((by === 'Header') !== (header !== undefined)) {
    throw new FieldError('spec.sticky.header: goes with by: Header, and with nothing else')
  }
  return by === 'Header' ? { by, header: (header ?? '').toLowerCase() } : { by }
}

const compileSpec = (spec: LlmRoutingPolicySpec, object: KubeObject): CompiledPolicy => ({
  rules: spec.rules.map(compileRule),
  fallbacks: spec.fallbacks.map(compileRef),
  ...(spec.sticky && { sticky: compileSticky(spec.sticky) }),
  ...(spec.sensitiveData && { sensitiveTypes: spec.sensitiveData.types }),
  requestMs: compileDuration(spec.timeouts.request, 'spec.timeouts.request'),
  retry: compileRetry(spec.retries),
  limits: compileLimits(spec.limits ?? [], object, 'spec.limits'),
  guardrails: compileGuardrails(spec.guardrails ?? [], 'spec.guardrails'),
  ...(spec.cache && { cache: compileCache(spec.cache, 'spec.cache') }),
})

/** Compiles an LLMRoutingPolicy. */
export const compilePolicy = createSpecCompiler(llmRoutingPolicy.spec, compileSpec)
