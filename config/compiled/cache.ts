import { z } from 'zod'

/** Whose calls share answers. */
export const CACHE_SCOPES = ['Tenant', 'Consumer'] as const

/** A cache of answers as the gateway reads it. */
export const compiledCache = z.object({
  ttlMs: z.number(),
  per: z.enum(CACHE_SCOPES),
  /** Absent: only equal calls share answers. */
  semantic: z
    .object({
      /** An AIModelConfig of the same namespace. */
      model: z.string(),
      /** Least cosine between the embeddings of two questions that share an answer. */
      threshold: z.number(),
    })
    .optional(),
})

export type CompiledCache = z.infer<typeof compiledCache>
