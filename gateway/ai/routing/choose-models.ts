import type { PiiType } from '#config/compiled/guardrail.ts'
import type { CompiledModelRef } from '#config/compiled/routing-policy.ts'
import type { LinkedModel } from '../../link/linked-model.ts'
import type { LinkedPolicy, LinkedRule } from '../../link/linked-policy.ts'
import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'
import { CallFacts } from './call-facts.ts'
import { type Choice, orderByCost, orderBySpeed, pickWeighted } from './order-models.ts'
import { toPoint } from './sticky.ts'

/** What a choice depends on beside the policy and the call. */
export interface ChoiceContext {
  /** Whether a call holds data of these types. */
  isSensitive(call: Call, types: readonly PiiType[]): boolean
  /** @returns micro-dollars; undefined where nobody knows the price */
  toCost(model: LinkedModel, call: Call): number | undefined
  random(): number
  now(): number
}

/** A condition that cannot be evaluated, for a header that is not there, is not true. */
const isFor = ({ isFor: condition }: LinkedRule, facts: CallFacts): boolean => {
  try {
    return condition?.(facts) ?? true
  } catch {
    return false
  }
}

const orderModels = (
  context: ChoiceContext,
  { policy, rule, index }: { policy: LinkedPolicy; rule: LinkedRule; index: number },
  choices: readonly Choice[],
  call: Call,
): LinkedModel[] => {
  switch (rule.strategy) {
    case 'Weighted': {
      const experiment = `${policy.fragment.uid}/${index}`
      const { sticky } = policy.fragment.spec
      const picked = pickWeighted(choices, toPoint(sticky, call, experiment, context.random))
      return picked ? [picked.model] : []
    }
    case 'Priority':
      return choices.map(({ model }) => model)
    case 'Cheapest':
      return orderByCost(choices, (model) => context.toCost(model, call))
    case 'Fastest':
      return orderBySpeed(choices, call.isStreamed, context.now())
  }
}

const none = (message: string): AiProblem =>
  new AiProblem('model_not_found', message, { param: 'model' })

/** The models of a policy that shall answer a call, in the order in which they are tried. */
export const chooseModels = (
  context: ChoiceContext,
  policy: LinkedPolicy,
  call: Call,
): readonly LinkedModel[] | AiProblem => {
  const { sensitiveTypes, fallbacks } = policy.fragment.spec
  let sensitive: boolean | undefined
  const isSensitive = (): boolean => {
    sensitive ??= context.isSensitive(call, sensitiveTypes ?? [])
    return sensitive
  }
  const facts = new CallFacts(call, isSensitive)
  const index = policy.rules.findIndex((rule) => isFor(rule, facts))
  const rule = policy.rules[index]
  if (!rule) return none('No rule of this model is for this call.')
  const isInHouse = sensitiveTypes !== undefined && isSensitive()
  const find = (ref: CompiledModelRef): LinkedModel | undefined => {
    const model = policy.findModel(ref)
    return isInHouse && !model?.fragment.spec.onPremise ? undefined : model
  }
  const choices = rule.models.flatMap(({ weight, ...ref }): Choice[] => {
    const model = find(ref)
    return model ? [{ model, weight }] : []
  })
  const chosen = orderModels(context, { policy, rule, index }, choices, call)
  const models = [...new Set([...chosen, ...fallbacks.flatMap((ref) => find(ref) ?? [])])]
  if (models.length > 0) return models
  return isInHouse
    ? new AiProblem('not_allowed', 'The call holds sensitive data, and no model in house is there.')
    : none('No model that may answer this call is there.')
}
