import type { CompiledCost } from '#config/compiled/cost.ts'
import { findListedPrice, type ListedPrice } from './listed-price.ts'
import type { Price, Rates } from './price.ts'

export interface PriceBook {
  /**
   * What a model costs now. Not to be kept: some prices change on a date, or by the time of day.
   *
   * @param override what its user says of that; it counts before the list
   * @returns undefined when nobody knows, which is not a price of zero
   */
  find(provider: string, model: string, override?: CompiledCost): Price | undefined
}

/** The list's prices change at full and half hours, if they do. */
const SLOT_MS = 1_800_000

const toRates = (listed: CompiledCost, override: CompiledCost): Rates | undefined => {
  const input = override.input ?? listed.input
  const output = override.output ?? listed.output
  if (input === undefined || output === undefined) return undefined
  return {
    input,
    output,
    cachedInput: override.cachedInput ?? listed.cachedInput ?? input,
    cacheWrite: override.cacheWrite ?? listed.cacheWrite ?? input,
  }
}

const NOT_LISTED: ListedPrice = { cost: {}, tiers: [] }

const toPrice = (listed: ListedPrice, override: CompiledCost): Price | undefined => {
  const rates = toRates(listed.cost, override)
  if (!rates) return undefined
  const tiers = listed.tiers.map(({ aboveInputTokens, cost }) => ({
    aboveInputTokens,
    rates: toRates(cost, override) ?? rates,
  }))
  return { rates, tiers }
}

/** Prices of models: what users say, else the list that comes with the gateway. */
export const createPriceBook = (now: () => number = Date.now): PriceBook => {
  const listed = new Map<string, ListedPrice>()
  /** Of those that nobody overrides. */
  const prices = new Map<string, Price | undefined>()
  let slot = -1

  const findListed = (provider: string, model: string, nowMs: number): ListedPrice => {
    const key = `${provider}\n${model}`
    const known = listed.get(key)
    if (known) return known
    const found = findListedPrice(provider, model, new Date(nowMs)) ?? NOT_LISTED
    listed.set(key, found)
    return found
  }

  return {
    find(provider, model, override) {
      const nowMs = now()
      const nowSlot = Math.floor(nowMs / SLOT_MS)
      if (nowSlot !== slot) {
        listed.clear()
        prices.clear()
      }
      slot = nowSlot
      if (override) return toPrice(findListed(provider, model, nowMs), override)
      const key = `${provider}\n${model}`
      if (!prices.has(key)) prices.set(key, toPrice(findListed(provider, model, nowMs), {}))
      return prices.get(key)
    },
  }
}
