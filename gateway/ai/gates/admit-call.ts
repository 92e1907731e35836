import type { CompiledModel } from '#config/compiled/ai-model.ts'
import type { CompiledLimit } from '#config/compiled/limit.ts'
import type { Denial } from '../../limits/admission.ts'
import { type Amounts, NO_AMOUNTS } from '../../limits/amounts.ts'
import { toCost } from '../../limits/price.ts'
import type { LinkedModel } from '../../link/linked-model.ts'
import type { Usage } from '../../link/model-stats.ts'
import type { Consumer } from '../../policies/api-key/consumer-directory.ts'
import type { AiContext } from '../ai-context.ts'
import { AiProblem } from '../ai-problem.ts'
import type { Call } from '../call.ts'

/** What is reserved for an answer whose length nobody has limited. */
export const USUAL_OUTPUT_TOKENS = 1000

type Priced = Pick<CompiledModel, 'provider' | 'model' | 'cost' | 'maxTokens'>

/** What a call will use at most, if that is known, or else usually. */
export const toExpectedUsage = (call: Call, maxTokens: number | undefined): Usage => {
  const hasOutput = call.surface.operation === 'chat'
  const outputTokens = hasOutput ? (call.maxTokens ?? maxTokens ?? USUAL_OUTPUT_TOKENS) : 0
  return { inputTokens: call.inputTokens, outputTokens }
}

/** @returns undefined where nobody knows the price */
export const findCost = (
  { prices }: Pick<AiContext, 'prices'>,
  { provider, model, cost }: Priced,
  usage: Usage,
): number | undefined => {
  const price = prices.find(provider, model, cost)
  return price && toCost(price, usage)
}

export const toAmounts = ({ inputTokens, outputTokens }: Usage, cost: number): Amounts => ({
  requests: 1,
  tokens: inputTokens + outputTokens,
  inputTokens,
  outputTokens,
  cost,
})

const WINDOWS = { Minute: 'a minute', Hour: 'an hour', Day: 'a day', Month: 'a month' }
const UNITS = {
  requests: 'requests',
  tokens: 'tokens',
  inputTokens: 'input tokens',
  outputTokens: 'output tokens',
  cost: 'US dollars',
}

const toLimitText = ({ unit, max, window, per, counter }: CompiledLimit): string => {
  const amount = unit === 'cost' ? max / 1_000_000 : max
  const whose = per.length > 0 ? ` per ${per.join(' and ').toLowerCase()}` : ''
  return `The limit ${counter} of ${amount} ${UNITS[unit]} ${WINDOWS[window]}${whose} is reached.`
}

export const toLimitProblem = ({ limit, retryAfterMs }: Denial): AiProblem =>
  new AiProblem('limit_exceeded', toLimitText(limit), {
    retryAfter: String(Math.max(1, Math.ceil(retryAfterMs / 1000))),
  })

/** What a call that was let in has used in the end. */
export interface Settlement {
  /** Whether a provider may have heard of it: then it counts as a request. */
  readonly wasSent: boolean
  /** Undefined for nothing. */
  readonly usage: Usage | undefined
  /** Micro-dollars; undefined where nobody knows the price. */
  readonly cost: number | undefined
}

export const NEVER_SENT: Settlement = { wasSent: false, usage: undefined, cost: undefined }

/** A call that was let in, until it is over. */
export interface Reservation {
  settle(settlement: Settlement): void
}

const NO_USAGE = { inputTokens: 0, outputTokens: 0 }

interface Asked {
  readonly limits: readonly CompiledLimit[]
  readonly consumer: Consumer
  readonly usage: Usage
  /** Micro-dollars. */
  readonly cost: number
}

/**
 * Reserves what a call is thought to use.
 * @returns undefined where nothing limits it
 */
export const admitCall = (
  { limiter }: Pick<AiContext, 'limiter'>,
  { limits, consumer, usage, cost }: Asked,
): Promise<Reservation | AiProblem> | undefined => {
  if (limits.length === 0) return undefined
  const { name, team, tenant } = consumer
  const caller = { consumer: name, team, tenant }
  const admitting = Promise.resolve(limiter.admit(limits, caller, toAmounts(usage, cost)))
  return admitting.then((admission) => {
    if (admission.denied) return toLimitProblem(admission.denied)
    return {
      settle({ wasSent, usage: used = NO_USAGE, cost: spent = 0 }) {
        admission.settle(wasSent ? toAmounts(used, spent) : NO_AMOUNTS)
      },
    }
  })
}

/** Limits that are alike in this share their counters. */
export const toCounterName = ({ counter, unit, window, per }: CompiledLimit): string =>
  [counter, unit, window, ...per].join(' ')

const noPrice = ({ fragment: { name } }: LinkedModel): AiProblem =>
  new AiProblem('not_allowed', `The cost of model ${name} is limited, and its price not known.`)

/** The same for one try of a model, by the model's own limits. */
export const admitTry = (
  context: Pick<AiContext, 'limiter' | 'prices'>,
  call: Call,
  model: LinkedModel,
): ReturnType<typeof admitCall> | AiProblem => {
  const { spec } = model.fragment
  // What the policy has claimed of a shared counter is not claimed twice.
  const limits = spec.limits.filter((limit) => !call.claimed.has(toCounterName(limit)))
  if (limits.length === 0) return undefined
  const usage = toExpectedUsage(call, spec.maxTokens)
  const cost = findCost(context, spec, usage)
  if (cost === undefined && limits.some(({ unit }) => unit === 'cost')) return noPrice(model)
  return admitCall(context, { limits, consumer: call.consumer, usage, cost: cost ?? 0 })
}
