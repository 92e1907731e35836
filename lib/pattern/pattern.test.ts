import { expect, it } from 'vitest'
import { createPatternCompiler } from './pattern.ts'
import { patternCost } from './pattern-cost.ts'

it.each([
  ['abc', 3],
  ['[a-z]{8}', 8],
  ['a{2,}', 2],
  ['a{0,9}', 9],
  ['[[:alpha:](]{100}', 100],
  ['[]{9}]', 1],
  ['\\({10}', 10],
  ['((ab){10}c){10}', 320],
  ['\\Q(\\E{3}', 15],
  ['a(a{100}', 101],
])('%s costs about %i', (source, cost) => {
  const actual = patternCost(source)
  expect(actual).toBeGreaterThanOrEqual(cost)
  expect(actual).toBeLessThanOrEqual(cost * 1.5)
})

it('the patterns of one object share a budget', () => {
  const compile = createPatternCompiler()
  const compileAll = () => Array.from({ length: 300 }, () => compile('[a-z]{900}'))
  expect(compileAll).toThrow('too complex in sum')
  expect(createPatternCompiler()('[a-z]{900}')('a'.repeat(900))).toBe(true)
})
