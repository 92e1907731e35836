import { expect, test } from 'vitest'
import { parseIsoDuration } from './iso-duration.ts'

test.each([
  ['PT0.2S', 200],
  ['PT1M30S', 90_000],
  ['PT2H', 7_200_000],
  ['P1DT1S', 86_401_000],
  ['PT', undefined],
  ['P', undefined],
  ['1s', undefined],
  ['PT1X', undefined],
])('%s is %s ms', (text, expected) => {
  expect(parseIsoDuration(text)).toBe(expected)
})
