import { expect, test } from 'vitest'
import { createTopicFinder } from './find-topics.ts'
import { toStretch } from './span.ts'

const find = createTopicFinder(['Project Falcon', 'project', 'Übernahme', '武器', "don't panic"])
const wordsIn = (text: string) =>
  find(toStretch(text)).spans.map(({ start, end }) => text.slice(start, end))

test.each([
  ['about PROJECT  falcon.', 'PROJECT  falcon'],
  ['project-falcon', 'project-falcon'],
  ['the project', 'project'],
  ['die übernahme!', 'übernahme'],
  ['die U\u0308bernahme', 'U\u0308bernahme'],
  ['pro\u200bject', 'pro\u200bject'],
  ['ｐｒｏｊｅｃｔ', 'ｐｒｏｊｅｃｔ'],
  ['これは武器です', '武器'],
  ['Don\u2019t panic', 'Don\u2019t panic'],
])('finds a topic in %j', (text, expected) => {
  expect(wordsIn(text)).toEqual([expected])
})

test.each(['projects', 'subproject', 'falcon', 'project_falcon', 'panic', '武', 'constructor'])(
  'finds none in %j',
  (text) => {
    expect(wordsIn(text)).toEqual([])
  },
)

test('what stands far apart is no phrase', () => {
  expect(wordsIn(`project${' '.repeat(40)}falcon`)).toEqual(['project'])
})

test('holds back no more than what may become a phrase', () => {
  const settledIn = (text: string) => text.slice(find(toStretch(text)).settled)
  expect(settledIn('a project')).toBe('project')
  expect(settledIn('a project ')).toBe('project ')
  expect(settledIn('a project of ')).toBe('')
  expect(settledIn('a b')).toBe('b')
})
