import { expect, test } from 'vitest'
import { compileCondition } from './condition.ts'

const VARIABLES = {
  caller: { name: 'string', team: 'string' },
  headers: 'map<string, string>',
  tokens: 'int',
  stream: 'bool',
}
const values = {
  caller: { name: 'alice', team: 'search' },
  headers: { 'x-plan': 'gold' },
  tokens: 1200n,
  stream: true,
}

test.each([
  ['caller.team == "search"', true],
  ['caller.team in ["a", "b"]', false],
  ['tokens > 1000 && stream', true],
  ['"x-plan" in headers && headers["x-plan"] == "gold"', true],
  ['headers["x-plan"].matches("^g.*d$")', true],
  ['caller.name.matches("lic")', true],
  ['caller.name.startsWith("b")', false],
  ['"x-none" in headers ? headers["x-none"] == "" : true', true],
])('%s is %s', (source, expected) => {
  expect(compileCondition(source, VARIABLES)(values)).toBe(expected)
})

test.each([
  ['what is no CEL', 'tokens >'],
  ['another type', 'tokens + 1'],
  ['an unknown variable', 'user == "x"'],
  ['an unknown field', 'caller.age == 1'],
  ['types that do not compare', 'tokens == "1000"'],
  ['a pattern that is none', 'caller.name.matches("(")'],
  ['a pattern that is made up as it goes', 'caller.name.matches(caller.team)'],
  ['a pattern that costs too much', 'caller.name.matches("((a{100}){100}){100}")'],
  ['an unknown function', 'caller.name.shout()'],
  ['more than fits', Array.from({ length: 400 }, () => 'stream').join(' && ')],
])('%s is refused', (_what, source) => {
  expect(() => compileCondition(source, VARIABLES)).toThrow()
})

test('a pattern is matched in linear time', () => {
  const condition = compileCondition('caller.name.matches("^(a+)+$")', VARIABLES)
  const name = `${'a'.repeat(50_000)}!`
  expect(condition({ ...values, caller: { name, team: '' } })).toBe(false)
})

test('a key that is not there is an error of the evaluation', () => {
  const condition = compileCondition('headers["x-none"] == "a"', VARIABLES)
  expect(() => condition(values)).toThrow(/x-none/)
})
