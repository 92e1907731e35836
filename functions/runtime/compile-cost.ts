import type { CompiledCost } from '#config/compiled/cost.ts'
import { type ModelCost, toMicroDollars } from '#config/kinds/cost.ts'

const FIELDS = [
  ['input', 'inputPerMillion'],
  ['output', 'outputPerMillion'],
  ['cachedInput', 'cachedInputPerMillion'],
  ['cacheWrite', 'cacheWritePerMillion'],
] as const

/** What a model costs, in whole numbers. */
export const compileCost = (cost: ModelCost): CompiledCost => {
  const compiled: CompiledCost = {}
  for (const [rate, field] of FIELDS) {
    const text = cost[field]
    if (text !== undefined) compiled[rate] = toMicroDollars(text)
  }
  return compiled
}
