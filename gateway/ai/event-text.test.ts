import { expect, test } from 'vitest'
import { countEvents, isOnlyComments } from './event-text.ts'

test.each([
  ['', 0],
  ['data: 1\n\n', 1],
  ['data: 1\n\ndata: 2\n\ndata: 3', 2],
])('%j has %i events', (text, count) => {
  expect(countEvents(text)).toBe(count)
})

test.each([
  [': ping\n\n', true],
  ['\r\n: a\r\n\r\n', true],
  ['data: 1\n\n', false],
  [': a\ndata: 1\n\n', false],
  [':\n'.repeat(1_000_000), true],
])('comments only: %#', (text, isOnly) => {
  expect(isOnlyComments(text)).toBe(isOnly)
})
