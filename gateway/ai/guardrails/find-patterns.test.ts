import { expect, test } from 'vitest'
import { createPatternFinder } from './find-patterns.ts'
import { toStretch } from './span.ts'

const matchesOf = (sources: string[], text: string) =>
  createPatternFinder(sources)(toStretch(text)).spans.map(({ start, end }) =>
    text.slice(start, end),
  )

test.each([
  [['EMP-[0-9]{6}'], 'x EMP-123456 y', ['EMP-123456']],
  [['(?i)secret'], 'SECRET secret', ['SECRET', 'secret']],
  [['\\bfoo\\b'], 'foo xfoo foox foo', ['foo', 'foo']],
  [['a', 'b'], 'ab', ['a', 'b']],
  [['^a'], 'aa', ['a']],
  [['a$'], 'aa', ['a']],
  [['\\b'], 'ab', []],
  [['😀.'], 'x😀y', ['😀y']],
])('finds what %j matches in %j', (sources, text, expected) => {
  expect(matchesOf(sources, text)).toEqual(expected)
})

test.each([0, 1, 100, 127, 128, 129, 255, 256, 300, 1000])(
  'finds a match as long as it may be, %i characters on',
  (before) => {
    const match = `<${'x'.repeat(254)}>`
    const text = `${'\n'.repeat(before)}${match}\n`
    expect(matchesOf(['<x*>'], text)).toEqual([match])
    expect(matchesOf(['(?m)^<x*>$'], text)).toEqual([match])
  },
)

test('the begin of a block is not the begin of the text', () => {
  expect(matchesOf(['^a'], 'a'.repeat(1000))).toEqual(['a'])
  expect(matchesOf(['\\ba'], 'a'.repeat(1000))).toEqual(['a'])
})

test('a match that is longer is found in parts that leave nothing out', () => {
  const { spans } = createPatternFinder(['a+'])(toStretch(`b${'a'.repeat(5000)}b`))
  let passed = 1
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    expect(start).toBeLessThanOrEqual(passed)
    passed = Math.max(passed, end)
  }
  expect(passed).toBe(5001)
})
