import type { CompiledModelRef } from '#config/compiled/routing-policy.ts'
import type { LinkedModel } from '../../link/linked-model.ts'
import type { LinkedPolicy } from '../../link/linked-policy.ts'

/** The models of a policy as they were when a call came. */
export interface PolicySnapshot {
  readonly policy: LinkedPolicy
  /** All that may answer. */
  readonly models: readonly LinkedModel[]
}

/**
 * Looks the models of a policy up once for each call: one that is edited while the call waits at a
 * gate must not be reached by it with gates that it has not passed.
 *
 * @param isUsable whether a model may answer at all
 */
export const takeSnapshot = (
  policy: LinkedPolicy,
  isUsable: (model: LinkedModel) => boolean,
): PolicySnapshot => {
  const { rules, fallbacks } = policy.fragment.spec
  const found = new Map<string, LinkedModel>()
  const toKey = ({ name, version }: CompiledModelRef): string => `${name} ${version ?? ''}`
  for (const ref of [...rules.flatMap(({ models }) => models), ...fallbacks]) {
    const model = policy.findModel(ref)
    if (model && isUsable(model)) found.set(toKey(ref), model)
  }
  return {
    policy: { ...policy, findModel: (ref) => found.get(toKey(ref)) },
    models: [...new Set(found.values())],
  }
}
