import { expect, test } from 'vitest'
import { RequestFault } from '../../chat/request-fault.ts'
import { toOutputSchema } from './output-schema.ts'

const convert = (schema: Record<string, unknown>) => toOutputSchema(schema, 'response_format')

test.each<[string, Record<string, unknown>, object]>([
  [
    'closes objects, however deep',
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { gates: { type: 'array', minItems: 1, items: { properties: { a: {} } } } },
      additionalProperties: true,
    },
    {
      type: 'object',
      properties: {
        gates: {
          type: 'array',
          minItems: 1,
          items: { properties: { a: {} }, additionalProperties: false },
        },
      },
      additionalProperties: false,
    },
  ],
  [
    'describes what it cannot say',
    { type: 'number', description: 'In meters.', minimum: 0, maximum: 9 },
    { type: 'number', description: 'In meters.\n\nminimum: 0, maximum: 9' },
  ],
  [
    'describes it where nothing was described',
    { type: 'string', minLength: 3, format: 'phone' },
    { type: 'string', description: 'minLength: 3, format: "phone"' },
  ],
  [
    'keeps formats, constants and enums of scalars',
    { anyOf: [{ format: 'date' }, { const: null }, { enum: ['a', 1] }] },
    { anyOf: [{ format: 'date' }, { const: null }, { enum: ['a', 1] }] },
  ],
  ['describes other enums', { enum: [{ a: 1 }] }, { description: 'enum: [{"a":1}]' }],
  [
    'takes one of several for any of them',
    { oneOf: [{ type: 'string', pattern: '^a' }, { $ref: '#/$defs/b' }], $defs: { b: {} } },
    {
      anyOf: [{ type: 'string', description: 'pattern: "^a"' }, { $ref: '#/$defs/b' }],
      $defs: { b: {} },
    },
  ],
  [
    'does not take properties for keywords',
    { type: 'object', properties: { minimum: { type: 'number' }, oneOf: { type: 'string' } } },
    {
      type: 'object',
      properties: { minimum: { type: 'number' }, oneOf: { type: 'string' } },
      additionalProperties: false,
    },
  ],
])('%s', (_what, schema, expected) => {
  expect(convert(schema)).toEqual(expected)
})

test('keeps a property whose name means something to the language', () => {
  const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}')
  expect(JSON.stringify(convert(schema))).toBe(
    '{"properties":{"__proto__":{"type":"string"}},"additionalProperties":false}',
  )
})

test.each([
  ['any properties', { type: 'object', additionalProperties: { type: 'string' } }],
  ['any properties, deeper', { items: { type: ['object', 'null'], additionalProperties: true } }],
  ['no end', JSON.parse(`${'{"items":'.repeat(100)}{}${'}'.repeat(100)}`)],
])('has no words for objects of %s', (_what, schema) => {
  expect(() => convert(schema)).toThrow(RequestFault)
})
