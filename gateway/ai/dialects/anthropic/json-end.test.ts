import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCuts } from '../../chat/testing/cuts.ts'
import { JsonEnd } from './json-end.ts'

const isWhole = (pieces: readonly string[]): boolean => {
  const end = new JsonEnd()
  for (const piece of pieces) end.push(piece)
  return end.isReached
}

test.each(['{}', ' {"a":[{"b":"}"}]}', String.raw`{"a\"}":"\\"}`])(
  '%s is whole at its end and not before',
  (json) => {
    fc.assert(
      fc.property(anyCuts(json), (pieces) => {
        expect(isWhole(pieces)).toBe(true)
        expect(isWhole([pieces.join('').slice(0, -1)])).toBe(false)
      }),
    )
  },
)

test('nothing is not whole', () => {
  expect(isWhole([''])).toBe(false)
})
