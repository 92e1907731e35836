import { describe, expect, it } from 'vitest'
import type { Json } from '../json.ts'
import { applyDefaults } from './defaults.ts'
import { checkListTypes } from './list-types.ts'
import { pruneUnknown } from './prune.ts'
import type { Schema } from './schema.ts'
import { validateValue } from './validate.ts'

const SCHEMA: Schema = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 10 },
    name: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$', default: 'abc' },
    mode: { type: 'string', enum: ['A', 'B'] },
    hosts: {
      type: 'array',
      maxItems: 3,
      minItems: 1,
      items: { type: 'string' },
      'x-kubernetes-list-type': 'set',
    },
    port: { 'x-kubernetes-int-or-string': true },
    labels: { type: 'object', maxProperties: 2, additionalProperties: { type: 'string' } },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    none: { type: 'string', nullable: true },
    when: { type: 'string', format: 'date-time' },
    pick: {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    refs: {
      type: 'array',
      items: { type: 'object', properties: { weight: { type: 'integer', default: 1 } } },
    },
  },
}

const wrong: [title: string, value: Json, field: string, message: string][] = [
  ['a missing field', {}, 'size', 'Required value'],
  [
    'a small number',
    { size: 0 },
    'size',
    'Invalid value: 0: size in body should be greater than or equal to 1',
  ],
  [
    'a large number',
    { size: 11 },
    'size',
    'Invalid value: 11: size in body should be less than or equal to 10',
  ],
  [
    'a wrong type',
    { size: 'x' },
    'size',
    'Invalid value: "string": size in body must be of type integer: "string"',
  ],
  [
    'a fraction',
    { size: 1.5 },
    'size',
    'Invalid value: "number": size in body must be of type integer: "number"',
  ],
  [
    'a short text',
    { size: 1, name: 'a' },
    'name',
    'Invalid value: "a": name in body should be at least 2 chars long',
  ],
  ['a long text', { size: 1, name: 'abcdef' }, 'name', 'Too long: may not be more than 5 bytes'],
  [
    'a pattern',
    { size: 1, name: 'AB' },
    'name',
    'Invalid value: "AB": name in body should match \'^[a-z]+$\'',
  ],
  ['an enum', { size: 1, mode: 'C' }, 'mode', 'Unsupported value: "C": supported values: "A", "B"'],
  [
    'too many items',
    { size: 1, hosts: ['a', 'b', 'c', 'd'] },
    'hosts',
    'Too many: 4: must have at most 3 items',
  ],
  [
    'too few items',
    { size: 1, hosts: [] },
    'hosts',
    'Invalid value: 0: hosts in body should have at least 1 items',
  ],
  [
    'an item',
    { size: 1, hosts: [1] },
    'hosts[0]',
    'Invalid value: "integer": hosts[0] in body must be of type string: "integer"',
  ],
  [
    'int or string',
    { size: 1, port: true },
    'port',
    'Invalid value: "boolean": port in body must be of type integer,string: "boolean"',
  ],
  [
    'a null',
    { size: 1, name: null },
    'name',
    'Invalid value: "null": name in body must be of type string: "null"',
  ],
  [
    'a format',
    { size: 1, when: 'x' },
    'when',
    'Invalid value: "x": when in body must be of type date-time: "x"',
  ],
  [
    'oneOf',
    { size: 1, pick: { a: 'x', b: 'y' } },
    '<nil>',
    'Invalid value: "": "pick" must validate one and only one schema (oneOf). Found 2 valid alternatives',
  ],
]

describe('validation', () => {
  it.each(wrong)('tells %s', (_title, value, field, message) => {
    expect(validateValue(value, SCHEMA)).toContainEqual(expect.objectContaining({ field, message }))
  })

  it('accepts what is right', () => {
    const value = {
      size: 3,
      none: null,
      port: 'http',
      labels: { a: 'b' },
      pick: { a: 'x' },
      any: { x: 1 },
    }
    expect(validateValue(value, SCHEMA)).toEqual([])
  })

  it('finds an item of a set that is there twice', () => {
    expect(checkListTypes({ hosts: ['a', 'b', 'a'] }, SCHEMA)).toEqual([
      { reason: 'FieldValueDuplicate', field: 'hosts[2]', message: 'Duplicate value: "a"' },
    ])
  })

  it('takes linear time for a hostile pattern', () => {
    const schema: Schema = { type: 'string', pattern: '^(a+)+$' }
    const started = performance.now()
    expect(validateValue(`${'a'.repeat(5000)}!`, schema)).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('defaults', () => {
  it('fills in what is absent, in items too, and keeps what is there', () => {
    const value = { size: 1, refs: [{}, { weight: 5 }], none: null }
    applyDefaults(value, SCHEMA)
    expect(value).toEqual({
      size: 1,
      name: 'abc',
      refs: [{ weight: 1 }, { weight: 5 }],
      none: null,
    })
  })
})

describe('pruning', () => {
  it('removes unknown fields and tells where they were', () => {
    const value = {
      size: 1,
      what: 1,
      refs: [{ z: 1, weight: 2 }],
      any: { keep: 1 },
      labels: { k: 'v' },
    }
    expect(pruneUnknown(value, SCHEMA)).toEqual(['what', 'refs[0].z'])
    expect(value).toEqual({ size: 1, refs: [{ weight: 2 }], any: { keep: 1 }, labels: { k: 'v' } })
  })
})
