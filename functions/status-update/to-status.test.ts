import { expect, test } from 'vitest'
import { toVerdicts } from './conditions.ts'
import {
  accepts,
  GENERATION,
  objectWith,
  type Standing,
  serves,
  THEN,
} from './fixtures/knowledge.ts'
import { toStatus } from './to-status.ts'

const NOW = '2026-01-02T00:00:00Z'

const verdicts = toVerdicts(objectWith(), { compiled: accepts(), replicas: [serves()] })
const LIVE: Standing[] = [
  'Accepted True Accepted',
  'ResolvedRefs True ResolvedRefs',
  'Programmed True Programmed',
]

test('a first status has all conditions, and transitions now', () => {
  const { status: _, ...object } = objectWith()
  expect(toStatus(object, verdicts, NOW)).toEqual({
    observedGeneration: GENERATION,
    conditions: verdicts.map((verdict) => ({
      ...verdict,
      observedGeneration: GENERATION,
      lastTransitionTime: NOW,
    })),
  })
})

test('what is said already is not written again', () => {
  expect(toStatus(objectWith(LIVE), verdicts, NOW)).toBeUndefined()
})

test('a new generation is written, and what did not change keeps its time', () => {
  const before = objectWith(['Accepted True Accepted', 'Programmed False Pending'], 2)
  const times = toStatus(before, verdicts, NOW)?.conditions.map(
    ({ type, lastTransitionTime, observedGeneration }) =>
      `${type} ${lastTransitionTime} ${observedGeneration}`,
  )
  expect(times).toEqual([`Accepted ${THEN} 3`, `ResolvedRefs ${NOW} 3`, `Programmed ${NOW} 3`])
})

test('another reason alone is written too, without a transition', () => {
  const before = objectWith(['Accepted True Old', ...LIVE.slice(1)] as Standing[])
  const status = toStatus(before, verdicts, NOW)
  expect(status?.conditions[0]).toMatchObject({ reason: 'Accepted', lastTransitionTime: THEN })
})

test('what speaks of a higher generation is never overwritten', () => {
  expect(toStatus(objectWith(LIVE, GENERATION + 1), verdicts, NOW)).toBeUndefined()
})
