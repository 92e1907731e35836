import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rewriteJson } from './json-text.ts'

const hide = (text: string) => text.replaceAll('x', '"\\').replaceAll(/[0-9]{10,}/g, '[N]')

test.each([
  ['{"a":"x"}', '{"a":"\\"\\\\"}'],
  ['{"x":1}', '{"\\"\\\\":1}'],
  ['{ "a" : 4111111111111111 }', '{ "a" : "[N]" }'],
  ['{"a":1e5,"b":[true,null,-12.50]}', '{"a":1e5,"b":[true,null,-12.50]}'],
  ['{"a":"\\u0078"}', '{"a":"\\"\\\\"}'],
  ['"\\"x\\\\"', '"\\"\\"\\\\\\\\"'],
  ['{"a":"\\ud83d\\ude00 \\/"}', '{"a":"\\ud83d\\ude00 \\/"}'],
])('rewrites %s', (json, expected) => {
  expect(rewriteJson(json, hide)).toBe(expected)
})

test('stays valid JSON, and as it was where nothing is changed', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(() => JSON.parse(rewriteJson(json, hide))).not.toThrow()
      expect(rewriteJson(json, (text) => text)).toBe(json)
    }),
  )
})
