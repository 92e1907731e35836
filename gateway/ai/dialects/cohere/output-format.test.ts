import { expect, test } from 'vitest'
import { encodeOutputFormat } from './output-format.ts'

const encodeSchema = (schema: Readonly<Record<string, unknown>>) =>
  encodeOutputFormat({ type: 'schema', name: 'level', schema })?.json_schema

test('leaves out that schemas name all properties, at every level', () => {
  const closed = (items: object) => ({ type: 'object', ...items, additionalProperties: false })
  expect(
    encodeSchema(closed({ properties: { a: closed({}) }, $defs: { b: { items: [closed({})] } } })),
  ).toEqual({
    type: 'object',
    properties: { a: { type: 'object' } },
    $defs: { b: { items: [{ type: 'object' }] } },
  })
})

test('leaves data and other schemas as they are', () => {
  const schema = {
    additionalProperties: { type: 'string' },
    enum: [{ additionalProperties: false }],
    properties: { const: { const: { additionalProperties: false } } },
  }
  expect(encodeSchema(schema)).toEqual(schema)
})

test('ends with a schema that is deeper than any', () => {
  const text = `${'{"items":'.repeat(50_000)}{}${'}'.repeat(50_000)}`
  expect(() => encodeSchema(JSON.parse(text))).not.toThrow()
})
