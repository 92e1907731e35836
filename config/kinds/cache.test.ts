import { expect, test } from 'vitest'
import { cache } from './cache.ts'

test('what is not said has a default', () => {
  expect(cache.parse({})).toEqual({ ttl: '1h', per: 'Tenant' })
  expect(cache.parse({ semantic: { model: 'embeddings' } }).semantic).toEqual({
    model: 'embeddings',
    threshold: '0.95',
  })
})

const isThreshold = (threshold: unknown): boolean =>
  cache.safeParse({ semantic: { model: 'embeddings', threshold } }).success

test.each(['0.5', '0.50', '0.95', '0.9999', '1', '1.0', '1.0000'])('%s is a threshold', (text) => {
  expect(isThreshold(text)).toBe(true)
})

test.each([
  '0',
  '0.49',
  '1.01',
  '2',
  '.9',
  '0.',
  '1.',
  '0.95000',
  '95%',
  '',
  ' 0.9',
  '0.9\n',
  0.95,
])('%j is no threshold', (text) => {
  expect(isThreshold(text)).toBe(false)
})

test.each([
  [{ ttl: '1 h' }],
  [{ per: 'Team' }],
  [{ semantic: {} }],
  [{ semantic: { model: 'no/name' } }],
])('%j is no cache', (written) => {
  expect(cache.safeParse(written).success).toBe(false)
})
