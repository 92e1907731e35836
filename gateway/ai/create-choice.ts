import type { PriceBook } from '../limits/price-book.ts'
import { findCost, toExpectedUsage } from './gates/admit-call.ts'
import { isSensitive } from './is-sensitive.ts'
import type { ChoiceContext } from './routing/choose-models.ts'

/** What the choice among models depends on, as it is outside of tests. */
export const createChoiceContext = (prices: PriceBook): ChoiceContext => ({
  isSensitive,
  toCost: ({ fragment: { spec } }, call) =>
    findCost({ prices }, spec, toExpectedUsage(call, spec.maxTokens)),
  random: Math.random,
  now: Date.now,
})
