import { z } from 'zod'

const rate = z.int().min(0).optional()

/**
 * What a model costs, as far as the user says so: micro-dollars per million tokens, which are as
 * many picodollars (1e-12) per token.
 */
export const compiledCost = z.object({
  input: rate,
  output: rate,
  /** Of input that the provider found in its cache. */
  cachedInput: rate,
  /** Of input that the provider put into its cache. */
  cacheWrite: rate,
})

export type CompiledCost = z.infer<typeof compiledCost>
