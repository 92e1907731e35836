import type { CompiledCost } from '#config/compiled/cost.ts'
import type { Usage } from '../link/model-stats.ts'
import { toAmount } from './amounts.ts'

/**
 * What a token costs, in picodollars (1e-12): as many as a million tokens cost micro-dollars. Whole
 * numbers, so that sums are exact up to 2^53, which is a call of 9,007 dollars.
 */
export type Rates = Readonly<Record<keyof CompiledCost, number>>

export interface Price {
  readonly rates: Rates
  /** For calls with more input than that, in place of `rates`; the last one that applies counts. */
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly rates: Rates }[]
}

const PICODOLLARS = 1_000_000

/** What a call costs. @returns micro-dollars, rounded up */
export const toCost = ({ rates: base, tiers }: Price, usage: Usage): number => {
  const inputTokens = toAmount(usage.inputTokens)
  const cached = toAmount(usage.cachedInputTokens ?? 0)
  const written = toAmount(usage.cacheWriteInputTokens ?? 0)
  const { rates } = tiers.findLast((tier) => inputTokens > tier.aboveInputTokens) ?? { rates: base }
  const picodollars =
    Math.max(0, inputTokens - cached - written) * rates.input +
    cached * rates.cachedInput +
    written * rates.cacheWrite +
    toAmount(usage.outputTokens) * rates.output
  // The remainder is exact, where a quotient would be rounded.
  const rest = picodollars % PICODOLLARS
  return toAmount((picodollars - rest) / PICODOLLARS + (rest > 0 ? 1 : 0))
}
