import { expect, test } from 'vitest'
import { countTokens, toFragments, toPieces, toWords, truncate } from './text.ts'

test.each([
  ['', 1],
  ['a', 1],
  ['four', 1],
  ['fours', 2],
])('%j is %i tokens', (text, tokens) => {
  expect(countTokens(text)).toBe(tokens)
})

test('so many words are so many tokens', () => {
  for (const count of [1, 2, 13, 100]) expect(countTokens(toWords(count))).toBe(count)
})

test('a text is cut at a token, but not within a character', () => {
  expect(truncate('abcdefgh', 1)).toBe('abcd')
  expect(truncate('abc', 1)).toBe('abc')
  expect(truncate('abc😀', 1)).toBe('abc')
})

test('pieces and fragments make the same whole', () => {
  for (const text of ['', ' ', 'one', ' one  two\n\nthree ', '😀😀 😀']) {
    expect(toPieces(text).join('')).toBe(text)
    expect(toFragments(text).join('')).toBe(text)
  }
  expect(toPieces('one two')).toEqual(['one', ' two'])
  expect(toFragments('{"a":"😀😀😀"}')).toEqual(['{"a":"😀😀', '😀"}'])
})
