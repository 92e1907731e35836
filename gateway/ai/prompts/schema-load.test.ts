import { expect, test } from 'vitest'
import { toLoad } from './schema-load.ts'

const text = { type: 'string' }

test.each([
  [text, 1],
  [{ properties: { a: text, b: text, c: text } }, 2],
  [{ properties: { a: text, b: { anyOf: [text, text, text] } } }, 5],
  [{ type: 'array', items: { properties: { a: text } } }, 3],
  [{ allOf: [text, { not: text }], properties: { properties: text } }, 5],
])('%j', (schema, load) => {
  expect(Math.round(toLoad(schema))).toBe(load)
})

test('a long enum counts too', () => {
  expect(toLoad({ enum: Array.from({ length: 640 }, String) })).toBe(11)
})
