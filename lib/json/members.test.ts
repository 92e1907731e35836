import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countValues, editMembers, findMembers, type MemberEdits } from './members.ts'

const edit = (text: Buffer, edits: MemberEdits): string =>
  editMembers(text, findMembers(text), edits).toString()

const toJson = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]))

const withoutProto = (object: Record<string, unknown>) => !Object.hasOwn(object, '__proto__')
const objects = fc.dictionary(fc.string(), fc.jsonValue()).filter(withoutProto)
const spacing = fc.constantFrom(undefined, 0, 1, 2, '\t')

test('finds what every member of any object holds', () => {
  fc.assert(
    fc.property(objects, spacing, (object, space) => {
      const text = Buffer.from(` ${JSON.stringify(object, null, space)}\n`)
      const found = [...findMembers(text)].map(([name, { value }]) => [
        name,
        JSON.parse(text.toString('utf8', ...value)),
      ])
      expect(Object.fromEntries(found)).toEqual(JSON.parse(JSON.stringify(object)))
    }),
  )
})

test('replaces and adds members of any object, and nothing else', () => {
  fc.assert(
    fc.property(objects, objects, spacing, (object, values, space) => {
      const text = Buffer.from(JSON.stringify(object, null, space))
      const expected = JSON.parse(JSON.stringify({ ...object, ...values }))
      expect(JSON.parse(edit(text, { set: toJson(values) }))).toEqual(expected)
    }),
  )
})

test('leaves the bytes of other members as they are', () => {
  const text = '{ "model":"a\\"b" ,\n "seed":12345678901234567890, "x":"\\u00e4}" }'
  expect(edit(Buffer.from(text), { set: { model: '"c"', stream: 'true' } })).toBe(
    '{"stream":true, "model":"c" ,\n "seed":12345678901234567890, "x":"\\u00e4}" }',
  )
})

test('renames a member and keeps its value', () => {
  const text = Buffer.from('{"a": 1e2 , "b":2}')
  const edits = { rename: { a: 'c', absent: 'd' }, set: { b: '3' } }
  expect(edit(text, edits)).toBe('{"c": 1e2 , "b":3}')
})

test('adds to an object without members', () => {
  expect(edit(Buffer.from('{ }'), { set: { a: '1' } })).toBe('{"a":1 }')
})

test.each(['{"model":"a","model":"b"}', '{"model":"a","x":{"model":1},"mod\\u0065l":"b"}'])(
  'refuses a name that stands there twice: %s',
  (text) => {
    expect(() => findMembers(Buffer.from(text))).toThrow('"model" stands there twice')
  },
)

test.each([
  ['nothing', ''],
  ['a list', '[{"a":1}]'],
  ['two objects', '{"a":1}{"a":2}'],
  ['an object that does not end', '{"a":1'],
  ['a list that does not end', '{"a":[1,2'],
  ['a string that does not end', '{"a":"b}'],
  ['no value', '{"a":}'],
  ['no colon', '{"a" 1}'],
  ['a comma at the end', '{"a":1,}'],
  ['a name without quotes', '{a:1}'],
])('refuses %s', (_what, text) => {
  expect(() => findMembers(Buffer.from(text))).toThrow(SyntaxError)
})

test('a list is never found shorter than it is, however its brackets are mixed', () => {
  // Whoever reads the values finds that they are no JSON.
  expect([...findMembers(Buffer.from('{"a":[1,2},"b":3}')).keys()]).toEqual(['a', 'b'])
})

test.each([
  ['1', 1],
  ['"a,b,[{"', 1],
  ['[]', 2],
  ['[1,2,3]', 4],
  ['{"a":{},"b":[{}]}', 6],
])('counts the values of %s', (text, expected) => {
  expect(countValues(Buffer.from(text))).toBe(expected)
})
