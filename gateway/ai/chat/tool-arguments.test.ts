import { expect, test } from 'vitest'
import { RequestFault } from './request-fault.ts'
import { readArguments, toArguments } from './tool-arguments.ts'

const call = (json: string) => ({ type: 'toolCall', id: 'c', name: 'n', arguments: json }) as const

test.each([
  ['{"gate":"north"}', '{"gate":"north"}'],
  ['{"__proto__":{"a":1},"constructor":2}', '{"__proto__":{"a":1},"constructor":2}'],
  ['', '{}'],
  [' \n', '{}'],
])('reads %j', (json, expected) => {
  expect(JSON.stringify(toArguments(call(json)))).toBe(expected)
})

const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`

test('takes no arguments that are too deep to be written again', () => {
  expect(toArguments(call(nested(256)))).toHaveProperty('a')
  expect(readArguments(nested(257))).toBeUndefined()
  expect(() => toArguments(call(nested(20_000)))).toThrow(RequestFault)
})

test.each(['{"gate":', '[]', 'null', '1', '"x"'])('does not take %s for arguments', (json) => {
  expect(readArguments(json)).toBeUndefined()
  expect(() => toArguments(call(json))).toThrow(RequestFault)
})
