import { expect, test } from 'vitest'
import { pickMembers } from './named-members.ts'

test.each<[string, string, string | undefined]>([
  ['at the root, with all within', '{"a":{"x":[1]},"b":2}', '{"a":{"x":[1]}}'],
  ['within members', '{"b":{"a":1,"c":2},"c":{"d":3}}', '{"b":{"a":1}}'],
  ['in its place of a list', '{"c":[1,{"d":2},{"a":3}]}', '{"c":[null,null,{"a":3}]}'],
  ['null', '{"a":null,"b":null}', '{"a":null}'],
  ['nothing, where there is none', '{"b":{"c":[{"d":1}]}}', undefined],
  ['nothing of a string', '"a"', undefined],
  ['a name that objects have anyway', '{"b":{"__proto__":{"a":1}}}', '{"b":{"__proto__":{"a":1}}}'],
])('picks %s', (_what, json, expected) => {
  expect(JSON.stringify(pickMembers(JSON.parse(json), new Set(['a'])))).toBe(expected)
})

test('a name of the prototype is picked only where it stands', () => {
  const names = new Set(['constructor', '__proto__'])
  expect(pickMembers({ b: 1 }, names)).toBeUndefined()
  expect(JSON.stringify(pickMembers(JSON.parse('{"__proto__":7,"b":1}'), names))).toBe(
    '{"__proto__":7}',
  )
})
