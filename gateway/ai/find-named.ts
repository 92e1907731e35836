import { toKeyString } from '#config/compiled/fragment.ts'
import type { LinkedModel } from '../link/linked-model.ts'
import type { LinkedPolicy } from '../link/linked-policy.ts'
import type { AiContext } from './ai-context.ts'
import { toModelGates, toPolicyGates } from './gates/target-gates.ts'
import { chooseModels } from './routing/choose-models.ts'
import { takeSnapshot } from './routing/policy-snapshot.ts'
import type { Target } from './target.ts'

const toLabel = ({ fragment }: LinkedModel | LinkedPolicy): string =>
  `${fragment.namespace}/${fragment.name}`

/** A cost that is limited needs a price. */
const hasPrice = ({ prices }: AiContext, { fragment: { spec } }: LinkedModel): boolean =>
  prices.find(spec.provider, spec.model, spec.cost) !== undefined

const toPolicyTarget = (context: AiContext, linked: LinkedPolicy): Target => {
  const { retry, requestMs, limits } = linked.fragment.spec
  const needsPrice = limits.some(({ unit }) => unit === 'cost')
  const isUsable = (model: LinkedModel) => !needsPrice || hasPrice(context, model)
  const { policy, models } = takeSnapshot(linked, isUsable)
  return {
    label: toLabel(policy),
    retry,
    requestMs,
    choose: (call) => chooseModels(context.choice, policy, call),
    gates: toPolicyGates(context, policy, models),
  }
}

const toModelTarget = (context: AiContext, model: LinkedModel): Target => ({
  label: toLabel(model),
  retry: model.fragment.spec.retry,
  requestMs: model.fragment.spec.timeouts.requestMs,
  choose: () => [model],
  gates: toModelGates(context, model),
})

/**
 * The policy or model of a name, in the first of the namespaces that has one. A policy goes before
 * a model of its name, so that it can be put in front of one; a version is a model's.
 */
export const findNamed = (
  context: AiContext,
  namespaces: readonly string[],
  { name, version }: { readonly name: string; readonly version: string | undefined },
): Target | undefined => {
  for (const namespace of namespaces) {
    const key = { namespace, name }
    const policy = context.policies.get(toKeyString({ kind: 'LLMRoutingPolicy', ...key }))
    if (policy && version === undefined) return toPolicyTarget(context, policy)
    const model = context.models.get(toKeyString({ kind: 'AIModelConfig', ...key }))
    if (!model) continue
    const isServed = version === undefined || version === model.fragment.spec.version
    return isServed ? toModelTarget(context, model) : undefined
  }
  return undefined
}
