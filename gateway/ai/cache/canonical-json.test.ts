import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCanonicalJson } from './canonical-json.ts'

/** The same value, with the members of its objects the other way round. */
const reverse = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reverse)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, reverse(member)] as const)
  return Object.fromEntries(members.reverse())
}

test('the order of members does not matter', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(toCanonicalJson(reverse(value))).toBe(toCanonicalJson(value))
    }),
  )
})

test('it reads back as what it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(toCanonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('members are sorted at every depth, and lists are not', () => {
  expect(toCanonicalJson({ b: [{ d: 1, c: 2 }, 'a'], a: { z: null, y: undefined } })).toBe(
    '{"a":{"z":null},"b":[{"c":2,"d":1},"a"]}',
  )
})

test.each([['__proto__'], ['constructor'], ['toJSON']])('%s is a name as any other', (name) => {
  const toText = (value: number) => toCanonicalJson(JSON.parse(`{"a":0,"${name}":${value}}`))
  expect(toText(1)).not.toBe(toText(2))
})
