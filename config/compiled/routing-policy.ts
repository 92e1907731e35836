import { z } from 'zod'
import { compiledRetry } from './ai-model.ts'
import { compiledCache } from './cache.ts'
import { compiledGuardrail, PII_TYPES } from './guardrail.ts'
import { compiledLimit } from './limit.ts'

const modelRef = z.object({
  /** In the policy's namespace, or else in the gateway's own. */
  name: z.string(),
  version: z.string().optional(),
})

export const STRATEGIES = ['Weighted', 'Priority', 'Cheapest', 'Fastest'] as const

const rule = z.object({
  name: z.string().optional(),
  /** CEL, known to compile; absent for all calls. */
  when: z.string().optional(),
  strategy: z.enum(STRATEGIES),
  models: z.array(modelRef.extend({ weight: z.int() })),
})

/** An LLMRoutingPolicy as the gateway reads it. */
export const compiledPolicy = z.object({
  rules: z.array(rule),
  fallbacks: z.array(modelRef),
  sticky: z
    .discriminatedUnion('by', [
      z.object({ by: z.enum(['Consumer', 'Team', 'Tenant']) }),
      /** Lower case. */
      z.object({ by: z.literal('Header'), header: z.string() }),
    ])
    .optional(),
  /** Findings of these types keep a call in house. */
  sensitiveTypes: z.array(z.enum(PII_TYPES)).optional(),
  /** For all tries together; 0 is no limit. */
  requestMs: z.number(),
  retry: compiledRetry,
  limits: z.array(compiledLimit),
  guardrails: z.array(compiledGuardrail),
  cache: compiledCache.optional(),
})

export type CompiledPolicy = z.infer<typeof compiledPolicy>
export type CompiledModelRef = z.infer<typeof modelRef>
