import { expect, test } from 'vitest'
import type { Verdict } from '#config/compiled/events.ts'
import { type Knowledge, toVerdicts } from './conditions.ts'
import {
  accepts,
  GENERATION,
  missing,
  objectWith,
  refuses,
  type Standing,
  serves,
} from './fixtures/knowledge.ts'

interface Case {
  what: string
  standing?: Standing[]
  observed?: number
  know: Knowledge
  /** Accepted, ResolvedRefs, Programmed, each as `status reason`. */
  gives: [string, string, string]
}

const PENDING = 'Unknown Pending'

const cases: Case[] = [
  {
    what: 'nothing is known, and no replica is there',
    know: { replicas: [] },
    gives: [PENDING, PENDING, 'False NoReplicas'],
  },
  {
    what: 'nothing is known, and a replica does not serve it',
    know: { replicas: [undefined] },
    gives: [PENDING, PENDING, 'False Pending'],
  },
  {
    what: 'it compiled, and no replica serves it yet',
    know: { compiled: accepts(), replicas: [undefined] },
    gives: ['True Accepted', PENDING, 'False Pending'],
  },
  {
    what: 'it compiled, and the replica still serves the generation before',
    know: { compiled: accepts(), replicas: [serves(2)] },
    gives: ['True Accepted', PENDING, 'False Pending'],
  },
  {
    what: 'one of two replicas serves it',
    know: { compiled: accepts(), replicas: [serves(), serves(2)] },
    gives: ['True Accepted', 'True ResolvedRefs', 'False Pending'],
  },
  {
    what: 'every replica serves it',
    know: { compiled: accepts(), replicas: [serves(), serves()] },
    gives: ['True Accepted', 'True ResolvedRefs', 'True Programmed'],
  },
  {
    what: 'replicas serve it, and the compile function was not heard',
    know: { replicas: [serves(), serves(4)] },
    gives: ['True Accepted', 'True ResolvedRefs', 'True Programmed'],
  },
  {
    what: 'a replica serves an object of that name that was there before',
    know: { compiled: accepts(), replicas: [serves(9, [], 'older')] },
    gives: ['True Accepted', PENDING, 'False Pending'],
  },
  {
    what: 'the compile function spoke of an older generation',
    know: { compiled: refuses(1, 2), replicas: [undefined] },
    gives: [PENDING, PENDING, 'False Pending'],
  },
  {
    what: 'the compile function spoke of an older object',
    know: { compiled: accepts(GENERATION, 'older'), replicas: [undefined] },
    gives: [PENDING, PENDING, 'False Pending'],
  },
  {
    what: 'it was refused, and nothing of it is served',
    know: { compiled: refuses(), replicas: [undefined] },
    gives: ['False UnsupportedValue', 'Unknown Invalid', 'False Invalid'],
  },
  {
    what: 'it was refused, and an older generation is served',
    know: { compiled: refuses(2), replicas: [serves(2)] },
    gives: ['False UnsupportedValue', 'Unknown Invalid', 'False Invalid'],
  },
  {
    what: 'a reference leads nowhere',
    know: { compiled: accepts(), replicas: [serves(3, [missing('no Service a')])] },
    gives: ['True Accepted', 'False BackendNotFound', 'True Programmed'],
  },
  {
    what: 'a replica cannot use the new generation',
    know: {
      compiled: accepts(),
      replicas: [serves(), serves(2, [missing('x'), { reason: 'NotLinked', message: 'bad' }])],
    },
    gives: ['True Accepted', 'True ResolvedRefs', 'False NotLinked'],
  },
  {
    what: 'it was live, and this function has just started',
    standing: [
      'Accepted True Accepted',
      'ResolvedRefs True ResolvedRefs',
      'Programmed True Programmed',
    ],
    know: { replicas: [undefined] },
    gives: ['True Accepted', 'True ResolvedRefs', 'True Programmed'],
  },
  {
    what: 'it was live, and all replicas are gone: they never go back',
    standing: [
      'Accepted True Accepted',
      'ResolvedRefs True ResolvedRefs',
      'Programmed True Programmed',
    ],
    know: { replicas: [] },
    gives: ['True Accepted', 'True ResolvedRefs', 'True Programmed'],
  },
  {
    what: 'an older generation was live',
    standing: [
      'Accepted True Accepted',
      'ResolvedRefs True ResolvedRefs',
      'Programmed True Programmed',
    ],
    observed: 2,
    know: { replicas: [undefined] },
    gives: [PENDING, PENDING, 'False Pending'],
  },
  {
    what: 'it was refused, and this function has just started',
    standing: [
      'Accepted False UnsupportedValue',
      'ResolvedRefs Unknown Invalid',
      'Programmed False Invalid',
    ],
    know: { replicas: [serves(2)] },
    gives: ['False UnsupportedValue', 'Unknown Invalid', 'False Invalid'],
  },
  {
    what: 'it was refused, and a newer compile function accepts it',
    standing: [
      'Accepted False UnsupportedValue',
      'ResolvedRefs Unknown Invalid',
      'Programmed False Invalid',
    ],
    know: { compiled: accepts(), replicas: [serves()] },
    gives: ['True Accepted', 'True ResolvedRefs', 'True Programmed'],
  },
  {
    what: 'it was live, and a newer compile function refuses it',
    standing: [
      'Accepted True Accepted',
      'ResolvedRefs True ResolvedRefs',
      'Programmed True Programmed',
    ],
    know: { compiled: refuses(3), replicas: [serves()] },
    gives: ['False UnsupportedValue', 'Unknown Invalid', 'False Invalid'],
  },
]

test.each(cases)('$what', ({ standing, observed, know, gives }) => {
  const verdicts = toVerdicts(objectWith(standing, observed), know)
  expect(verdicts.map(({ type }) => type)).toEqual(['Accepted', 'ResolvedRefs', 'Programmed'])
  expect(verdicts.map(({ status, reason }) => `${status} ${reason}`)).toEqual(gives)
})

const messageOf = (know: Knowledge, type: Verdict['type']) =>
  toVerdicts(objectWith(), know).find((verdict) => verdict.type === type)?.message

test('a refusal says what is served instead', () => {
  expect(messageOf({ compiled: refuses(2), replicas: [] }, 'Programmed')).toBe(
    'generation 2 is still served',
  )
  expect(messageOf({ compiled: refuses(), replicas: [] }, 'Programmed')).toBe('nothing is served')
})

test('the problems of all replicas are told once each, in one order', () => {
  const a = serves(3, [missing('no Service b'), missing('no Service a')])
  const b = serves(3, [missing('no Service c'), missing('no Service a')])
  const message = 'no Service a; no Service b; no Service c'
  expect(messageOf({ replicas: [a, b] }, 'ResolvedRefs')).toBe(message)
  expect(messageOf({ replicas: [b, a] }, 'ResolvedRefs')).toBe(message)
})

test('a long message is cut, and never within a character', () => {
  const message = messageOf(
    { replicas: [serves(3, [missing(`${'x'.repeat(4095)}🚰`)])] },
    'ResolvedRefs',
  )
  expect(message).toHaveLength(4096)
  expect(message?.isWellFormed()).toBe(true)
})
