import { expect, test } from 'vitest'
import { compiledLimit } from '#config/compiled/limit.ts'
import { limits } from '#config/kinds/limit.ts'
import { compileLimits } from './compile-limits.ts'

const object = {
  apiVersion: 'penstock.dev/v1alpha1',
  kind: 'AIModelConfig',
  metadata: { namespace: 'shop', name: 'gpt' },
}

const compile = (...written: object[]) =>
  compileLimits(limits.parse(written), object, 'spec.limits')

const limit = { per: [], window: 'Day' }

test('a limit without a name has a counter of its own, by its place', () => {
  expect(compile({ ...limit, requests: 1 }, { ...limit, requests: 1 })).toMatchObject([
    { counter: 'AIModelConfig/shop/gpt/0' },
    { counter: 'AIModelConfig/shop/gpt/1' },
  ])
})

test('a limit with a name has the counter of its namespace', () => {
  expect(compile({ ...limit, name: 'budget', requests: 1 })).toMatchObject([
    { counter: 'shop/budget' },
  ])
})

test.each([
  [{ requests: 7 }, 'requests', 7],
  [{ tokens: 7 }, 'tokens', 7],
  [{ inputTokens: 7 }, 'inputTokens', 7],
  [{ outputTokens: Number.MAX_SAFE_INTEGER }, 'outputTokens', Number.MAX_SAFE_INTEGER],
  [{ cost: '12.50' }, 'cost', 12_500_000],
])('%j is a limit of %s', (amount, unit, max) => {
  const [compiled] = compile({ ...limit, ...amount, onStoreFailure: 'Deny' })
  expect(compiled).toEqual({
    counter: 'AIModelConfig/shop/gpt/0',
    per: [],
    unit,
    max,
    window: 'Day',
    onStoreFailure: 'Deny',
  })
  expect(compiledLimit.parse(compiled)).toEqual(compiled)
})

test('the order of subjects does not matter', () => {
  expect(compile({ ...limit, per: ['Tenant', 'Consumer', 'Tenant'], requests: 1 })).toMatchObject([
    { per: ['Consumer', 'Tenant'] },
  ])
})

test.each([
  [
    {},
    'spec.limits[1]: exactly one of requests, tokens, inputTokens, outputTokens, cost must be set',
  ],
  [{ requests: 1, cost: '1' }, 'spec.limits[1]: exactly one of'],
  [{ cost: '0.00' }, 'spec.limits[1].cost: must be more than 0'],
])('%j is refused', (amount, message) => {
  expect(() => compile({ ...limit, requests: 1 }, { ...limit, ...amount })).toThrow(message)
})
