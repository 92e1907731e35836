import { expect, test } from 'vitest'
import { sampleOf } from './schema-sample.ts'

const object = (properties: object) => ({ type: 'object', properties })

test.each<[object, unknown]>([
  [{ type: 'string' }, 'text'],
  [{ type: 'integer' }, 1],
  [{ type: 'number' }, 1],
  [{ type: 'boolean' }, true],
  [{ type: 'null' }, null],
  [{ type: ['null', 'string'] }, 'text'],
  [{ const: 7 }, 7],
  [{ type: 'string', enum: ['b', 'a'] }, 'b'],
  [{ type: 'array', items: { type: 'integer' } }, [1]],
  [{ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, true],
  [{ properties: { a: { type: 'string' } } }, { a: 'text' }],
  [
    { type: 'OBJECT', properties: { a: { type: 'ARRAY', items: { type: 'STRING' } } } },
    { a: ['text'] },
  ],
  [
    { ...object({ a: { $ref: '#/$defs/A' } }), $defs: { A: object({ b: { type: 'integer' } }) } },
    { a: { b: 1 } },
  ],
  [{}, null],
])('%j is met by %j', (schema, value) => {
  expect(sampleOf(schema)).toEqual(value)
})

test('a schema that holds itself ends with an empty list', () => {
  const tree = { type: 'array', items: { $ref: '#' } }
  const json = JSON.stringify(sampleOf(tree))
  expect(json).toMatch(/^\[+\]+$/)
})
