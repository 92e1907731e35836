import { z } from 'zod'

/** What a limit counts. */
export const LIMIT_UNITS = ['requests', 'tokens', 'inputTokens', 'outputTokens', 'cost'] as const

/** Whose calls have a counter of their own. */
export const LIMIT_SUBJECTS = ['Consumer', 'Team', 'Tenant'] as const

/** After what a counter begins again. */
export const LIMIT_WINDOWS = ['Minute', 'Hour', 'Day', 'Month'] as const

/** What becomes of a limit while its store does not answer. */
export const STORE_FAILURES = ['Allow', 'Deny', 'Local'] as const

/** A limit as the gateway reads it. */
export const compiledLimit = z.object({
  /** What is shared is shared by this: NAMESPACE/NAME, or KIND/NAMESPACE/OBJECT/INDEX. */
  counter: z.string(),
  /** Each once, in the order of LIMIT_SUBJECTS; with none of them, all callers share. */
  per: z.array(z.enum(LIMIT_SUBJECTS)),
  unit: z.enum(LIMIT_UNITS),
  /** The most in one window; a cost is in micro-dollars. */
  max: z.int().min(1),
  window: z.enum(LIMIT_WINDOWS),
  onStoreFailure: z.enum(STORE_FAILURES),
})

export type CompiledLimit = z.infer<typeof compiledLimit>
