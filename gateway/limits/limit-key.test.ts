import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CompiledLimit } from '#config/compiled/limit.ts'
import { toLimitKey } from './limit-key.ts'

const limit: CompiledLimit = {
  counter: 'shop/budget',
  per: ['Consumer', 'Team', 'Tenant'],
  unit: 'tokens',
  max: 1,
  window: 'Day',
  onStoreFailure: 'Local',
}

/** What could be taken for the mark between two names, or for another name. */
const name = fc.oneof(
  fc.constantFrom('', 'a', '"', '\\', '","', 'Team', 'a","Team","a', '\ud800', '\u0000', '@1', '}'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)

test('no two callers share a counter, whatever their names hold', () => {
  const caller = fc.record({ consumer: name, team: name, tenant: name })
  fc.assert(
    fc.property(caller, caller, (one, other) => {
      const isSame =
        one.consumer === other.consumer && one.team === other.team && one.tenant === other.tenant
      expect(toLimitKey(limit, one) === toLimitKey(limit, other)).toBe(isSame)
    }),
    { numRuns: 2000 },
  )
})

test('a key is well-formed text, so that none changes on its way to a store', () => {
  const key = toLimitKey(limit, { consumer: '\ud800' })
  expect(key.isWellFormed()).toBe(true)
  expect(key).not.toBe(toLimitKey(limit, { consumer: '\ufffd' }))
})

test('who has no team is of the team without a name', () => {
  const perTeam: CompiledLimit = { ...limit, per: ['Team'] }
  expect(toLimitKey(perTeam, { consumer: 'a' })).toBe(
    toLimitKey(perTeam, { consumer: 'b', team: '' }),
  )
  expect(toLimitKey(perTeam, { consumer: 'a' })).not.toBe(
    toLimitKey(perTeam, { consumer: 'a', team: 'x' }),
  )
})

test('with no subject, all callers share', () => {
  const shared: CompiledLimit = { ...limit, per: [] }
  expect(toLimitKey(shared, { consumer: 'a', team: 'x' })).toBe(
    toLimitKey(shared, { consumer: 'b' }),
  )
})

test.each<[string, Partial<CompiledLimit>]>([
  ['counter', { counter: 'shop/other' }],
  ['unit', { unit: 'cost' }],
  ['window', { window: 'Hour' }],
  ['subject', { per: ['Team'] }],
])('limits of another %s do not share', (_, other) => {
  const one: CompiledLimit = { ...limit, per: ['Consumer'] }
  const caller = { consumer: 'x', team: 'x' }
  expect(toLimitKey({ ...one, ...other }, caller)).not.toBe(toLimitKey(one, caller))
})

test('limits of one counter share it, whatever their max', () => {
  const caller = { consumer: 'x' }
  expect(toLimitKey({ ...limit, max: 7, onStoreFailure: 'Deny' }, caller)).toBe(
    toLimitKey(limit, caller),
  )
})
