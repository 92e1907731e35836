import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBody } from './parse-body.ts'

const parse = (text: string) => parseBody(Buffer.from(text))
/** @param levels of objects and lists, the body among them */
const nest = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`

test.each([
  ['nothing', '', 'The body is not valid JSON'],
  ['a string that does not end', '{"model', 'The body is not valid JSON'],
  ['a list', '[]', 'The body must be a JSON object.'],
  ['null', 'null', 'The body must be a JSON object.'],
  ['a name twice', '{"model":"a","model":"b"}', '"model" stands there twice'],
  ['a name twice, deeper', '{"a":[{"b":{"c":[1,2]},"b":{}}]}', 'a name stands twice in an object'],
  ['a name twice, in two spellings', '{"a":{"b":1,"\\u0062":2}}', 'a name stands twice'],
  ['a name in other letters', '{"Messages":[]}', '"Messages" must be written messages'],
  ['a name that only looks other', '{"MAX_TO\\u212aENS":1}', 'must be written max_tokens'],
  ['an option in other letters', '{"stream_options":{"Include_Usage":true}}', 'include_usage'],
  ['257 levels', nest(257), 'The body is more than 256 levels deep.'],
  ['a stack of levels', nest(50_000), 'The body is more than 256 levels deep.'],
])('refuses %s', (_what, text, message) => {
  const problem = parse(text)
  expect(problem).toMatchObject({ code: 'invalid_json', status: 400 })
  expect(problem).toHaveProperty('message', expect.stringContaining(message))
})

test('takes 256 levels', () => {
  expect(parse(nest(256))).toHaveProperty('values')
})

test('leaves other names alone', () => {
  expect(parse('{"X-Model":1,"extra":{"Model":2}}')).toHaveProperty('values')
})

test('refuses more values than memory is worth', () => {
  const problem = parse(`{"a":[${'{},'.repeat(600_000)}{}]}`)
  expect(problem).toMatchObject({ code: 'request_too_large', status: 413 })
})

test('finds what every object holds, and where', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
      const text = JSON.stringify({ __proto__: null, a: value, b: 'a,{[' }, undefined, space)
      const parsed = parse(text)
      expect(parsed).toHaveProperty('values', JSON.parse(text))
      expect(parsed).toHaveProperty('spans.size', 2)
    }),
  )
})

test('takes names that mean something to the language', () => {
  expect(parse('{"__proto__":{"a":[]},"constructor":{"b":{}}}')).toHaveProperty('spans.size', 2)
})
