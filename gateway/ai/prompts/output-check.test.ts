import { expect, test } from 'vitest'
import { createOutputCheck } from './output-check.ts'

const trip = {
  type: 'object',
  additionalProperties: false,
  required: ['city'],
  properties: {
    city: { type: 'string', pattern: '^[A-Z]' },
    code: { type: 'string', pattern: '^[0-9]+$' },
    mood: { enum: ['calm', 'glad'] },
    days: { type: 'integer' },
    price: { type: 'number' },
  },
}
const { check } = createOutputCheck(trip)

test.each([
  '{"city":"Rome"}',
  ' {"city": "Rome"}\n',
  '```json\n{"city":"Rome"}\n```',
  '```\n{"city":"Rome"}```\n',
])('takes %j', (text) => {
  expect(check(text)).toEqual({ value: { city: 'Rome' } })
})

test.each([
  ['', 'it is no JSON: Unexpected end of JSON input'],
  ['Rome', 'it is no JSON: Unexpected token'],
  ['```json {"city":"Rome"}```', 'it is no JSON'],
  ['{"city":"Rome"} {}', 'it is no JSON'],
  ['[]', 'it must be object'],
  ['null', 'it must be object'],
  ['{}', "it must have required property 'city'"],
  ['{"city":1}', '/city must be string'],
  ['{"city":"rome"}', '/city must match pattern "^[A-Z]"'],
  // One pattern is not taken for the other.
  ['{"city":"Rome","code":"X"}', '/code must match pattern "^[0-9]+$"'],
  [
    '{"city":"Rome","mood":"sad"}',
    '/mood must be equal to one of the allowed values: ["calm","glad"]',
  ],
  ['{"city":"Rome","town":1}', 'it must NOT have additional properties: "town"'],
  ['{"city":"Rome","__proto__":1}', 'it must NOT have additional properties: "__proto__"'],
  ['{"city":"Rome","days":1.5}', '/days must be integer'],
  ['{"city":"Rome","price":1e999}', '/price must be number'],
])('says what is wrong with %j', (text, problem) => {
  expect(check(text)).toEqual({ problem: expect.stringContaining(problem) })
})

test('every object has a constructor, but not of its own', () => {
  const own = createOutputCheck({ required: ['constructor'], properties: { toString: false } })
  expect(own.check('{}')).toHaveProperty('problem')
  expect(own.check('{"constructor":1}')).toEqual({ value: { constructor: 1 } })
})

test('says little of an answer that is very wrong', () => {
  const result = check(`{"city":"Rome","${'x'.repeat(100_000)}":1}`)
  expect('problem' in result && result.problem.length).toBeLessThan(600)
})

test('does not read an answer without end', () => {
  expect(check(' '.repeat(1_048_577))).toEqual({ problem: 'it is longer than 1048576 characters' })
})

test('reads less where there is more to compare with', () => {
  const choice = { anyOf: Array.from({ length: 99 }, (_, i) => ({ const: i })) }
  const list = createOutputCheck({ type: 'array', items: choice })
  expect(list.check('[1,98]')).toHaveProperty('value')
  expect(list.check(`[${'98,'.repeat(30_000)}98]`)).toEqual({
    problem: expect.stringMatching(/^it is longer than 7\d{4} characters$/),
  })
})

test('refuses what is nested too deeply to be written again', () => {
  const nest = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const list = createOutputCheck({ type: 'array' })
  expect(list.check(nest(200))).toHaveProperty('value')
  expect(list.check(nest(201))).toEqual({ problem: 'it is nested deeper than 200' })
  expect(list.check(nest(500_000))).toEqual({ problem: 'it is nested deeper than 200' })
})

test('patterns get no more time than they are worth', () => {
  const slow = createOutputCheck({
    type: 'array',
    items: { pattern: '^([a-z]|[b-y]|ab){700}$' },
  })
  const entry = 'ab'.repeat(700)
  expect(slow.check(JSON.stringify([entry]))).toHaveProperty('value')
  const many = JSON.stringify(Array.from({ length: 100 }, () => entry))
  expect(slow.check(many)).toEqual({ problem: 'it takes too long to check' })
  // What one answer took is not the next one's fault.
  expect(slow.check(JSON.stringify([entry]))).toHaveProperty('value')
})

test.each([
  ['another document', { $ref: 'https://example.com/schema' }],
  ['a pattern that RE2 refuses', { pattern: '(?=a)' }],
  ['a pattern that costs too much', { pattern: '(a{999}){999}' }],
])('no check is made of a schema with %s', (_what, schema) => {
  expect(() => createOutputCheck(schema)).toThrow()
})

test('a pattern of JavaScript is read as one', () => {
  const umlaut = createOutputCheck({ pattern: '^\\u00e4\\/$' })
  expect(umlaut.check('"ä/"')).toEqual({ value: 'ä/' })
  expect(umlaut.check('"a/"')).toHaveProperty('problem')
})
