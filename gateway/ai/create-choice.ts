import { toCost } from '../limits/price.ts'
import type { PriceBook } from '../limits/price-book.ts'
import type { ChoiceContext } from './routing/choose-models.ts'

/** What is reserved, and compared, for an answer whose length nobody has limited. */
const USUAL_OUTPUT_TOKENS = 500

/** What the choice among models depends on, as it is outside of tests. */
export const createChoiceContext = (prices: PriceBook): ChoiceContext => ({
  isSensitive: () => false,
  toCost({ fragment: { spec } }, { inputTokens, read }) {
    const price = prices.find(spec.provider, spec.model)
    const outputTokens = read.maxTokens ?? spec.maxTokens ?? USUAL_OUTPUT_TOKENS
    return price && toCost(price, { inputTokens, outputTokens })
  },
  random: Math.random,
  now: Date.now,
})
