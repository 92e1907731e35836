import type { CompiledCache } from '#config/compiled/cache.ts'
import type { CacheSpec } from '#config/kinds/cache.ts'
import { compileDuration } from './compile-duration.ts'
import { FieldError } from './field-error.ts'

/**
 * Compiles the cache of an object.
 *
 * @param field where it stands in it, such as `spec.cache`
 * @throws FieldError when answers would be kept for no time, or for more than a day
 */
export const compileCache = ({ ttl, per, semantic }: CacheSpec, field: string): CompiledCache => {
  const ttlMs = compileDuration(ttl, `${field}.ttl`)
  if (ttlMs === 0) throw new FieldError(`${field}.ttl: must be longer than 0s`)
  return {
    ttlMs,
    per,
    ...(semantic && {
      semantic: { model: semantic.model, threshold: Number(semantic.threshold) },
    }),
  }
}
