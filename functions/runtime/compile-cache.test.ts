import { expect, test } from 'vitest'
import { type CompiledCache, compiledCache } from '#config/compiled/cache.ts'
import { cache } from '#config/kinds/cache.ts'
import { compileCache } from './compile-cache.ts'

const compile = (written: object): CompiledCache => compileCache(cache.parse(written), 'spec.cache')

test.each<[object, CompiledCache]>([
  [{}, { ttlMs: 3_600_000, per: 'Tenant' }],
  [
    { ttl: '24h', per: 'Consumer' },
    { ttlMs: 86_400_000, per: 'Consumer' },
  ],
  [
    { ttl: '1h30m', semantic: { model: 'embeddings' } },
    { ttlMs: 5_400_000, per: 'Tenant', semantic: { model: 'embeddings', threshold: 0.95 } },
  ],
  [
    { ttl: '1ms', semantic: { model: 'embeddings', threshold: '1.00' } },
    { ttlMs: 1, per: 'Tenant', semantic: { model: 'embeddings', threshold: 1 } },
  ],
])('%j is compiled', (written, compiled) => {
  expect(compile(written)).toEqual(compiled)
  expect(compiledCache.parse(compiled)).toEqual(compiled)
})

test.each([
  ['0s', 'spec.cache.ttl: must be longer than 0s'],
  ['24h1ms', 'spec.cache.ttl: longer than 24h'],
])('a ttl of %s is refused', (ttl, message) => {
  expect(() => compile({ ttl })).toThrow(message)
})
