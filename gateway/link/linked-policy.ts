import { CALL_VARIABLES } from '#config/compiled/call-variables.ts'
import type { Problem } from '#config/compiled/events.ts'
import type { FragmentOf } from '#config/compiled/fragment.ts'
import type { CompiledModelRef, CompiledPolicy } from '#config/compiled/routing-policy.ts'
import { type Condition, compileCondition } from '#lib/cel/condition.ts'
import type { Linked } from './kind-table.ts'
import { findModel, type ModelScope, toModelKeys } from './model-ref.ts'

export type PolicyFragment = FragmentOf<'LLMRoutingPolicy'>

/** A rule with its condition compiled. */
export interface LinkedRule extends Omit<CompiledPolicy['rules'][number], 'when'> {
  /** Undefined for a rule that is for every call. */
  readonly isFor: Condition | undefined
}

/** A routing policy with everything prepared that a call needs. */
export interface LinkedPolicy extends Linked<PolicyFragment> {
  readonly rules: readonly LinkedRule[]
  /** @returns undefined when there is no such model now */
  findModel(ref: CompiledModelRef): ReturnType<typeof findModel>
}

const describe = ({ name, version }: CompiledModelRef): string =>
  version === undefined ? `AIModelConfig ${name}` : `version ${version} of AIModelConfig ${name}`

/**
 * Prepares a fragment for serving.
 * @throws Error when a condition does not compile
 */
export const linkPolicy = (
  fragment: PolicyFragment,
  scope: Omit<ModelScope, 'namespace'>,
): LinkedPolicy => {
  const { spec, namespace } = fragment
  const own = { ...scope, namespace }
  const refs = [...spec.rules.flatMap(({ models }) => models), ...spec.fallbacks]
  const missing = refs.filter((ref) => !findModel(own, ref)).map(describe)
  const problems = [...new Set(missing)].map(
    (what): Problem => ({ reason: 'ModelNotFound', message: `${what} not found` }),
  )
  return {
    fragment,
    problems,
    refs: [...new Set(refs.flatMap(({ name }) => toModelKeys(own, name)))],
    rules: spec.rules.map(({ when, ...rule }) => ({
      ...rule,
      isFor: when === undefined ? undefined : compileCondition(when, CALL_VARIABLES),
    })),
    findModel: (ref) => findModel(own, ref),
  }
}
