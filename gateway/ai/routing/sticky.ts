import { hash } from 'node:crypto'
import type { CompiledPolicy } from '#config/compiled/routing-policy.ts'
import type { Call } from '../call.ts'

type Sticky = NonNullable<CompiledPolicy['sticky']>

const toValue = (sticky: Sticky, { consumer, headers }: Call): string | undefined => {
  switch (sticky.by) {
    case 'Consumer':
      return consumer.name
    case 'Team':
      return consumer.team
    case 'Tenant':
      return consumer.tenant
    case 'Header':
      return headers[sticky.header]?.toString()
  }
}

const MAX_UINT32 = 2 ** 32

/**
 * Where on the scale of weights a call falls: the same place for the same value, spread evenly over
 * values, and apart for each experiment.
 *
 * @param experiment what the choice is about, so that two choices are independent of each other
 * @returns in [0, 1)
 */
export const toPoint = (
  sticky: Sticky | undefined,
  call: Call,
  experiment: string,
  random: () => number,
): number => {
  const value = sticky && toValue(sticky, call)
  if (value === undefined) return random()
  const digest = hash('sha256', `${experiment}\n${value}`, 'buffer')
  return digest.readUInt32BE(0) / MAX_UINT32
}
