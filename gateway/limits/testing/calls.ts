import type { CompiledLimit } from '#config/compiled/limit.ts'
import type { Admission } from '../admission.ts'
import { type Amounts, NO_AMOUNTS } from '../amounts.ts'
import { toTestKey } from './stores.ts'

/** When tests are, where the time matters. */
export const NOW = Date.UTC(2026, 10, 22, 10, 20, 30)

export const caller = { consumer: 'alice', team: 'red' }

/** A limit with counters that no other test has. */
export const limitOf = (limit: Partial<CompiledLimit> = {}): CompiledLimit => ({
  counter: toTestKey('shop/budget'),
  per: ['Consumer'],
  unit: 'tokens',
  max: 100,
  window: 'Minute',
  onStoreFailure: 'Local',
  ...limit,
})

/** What one request uses. */
export const amounts = (tokens: number): Amounts => ({ ...NO_AMOUNTS, requests: 1, tokens })

export const isAdmitted = (admission: Admission): boolean => !admission.denied

export const settle = (admission: Admission, actual: Amounts): void => {
  if (admission.denied) throw new Error('the call was denied')
  admission.settle(actual)
}

/** What is left of each limit; undefined for a call that was denied. */
export const remaining = (admission: Admission): number[] | undefined =>
  admission.denied ? undefined : admission.remaining.map(({ amount }) => amount)
