import { expect, test } from 'vitest'
import type { Message, UserPart } from '../chat/request.ts'
import { toQuestion } from './question.ts'

const text = (words: string): UserPart => ({ type: 'text', text: words })
const user = (...parts: UserPart[]): Message => ({ role: 'user', parts })
const source = { type: 'url', url: 'https://host/a' } as const

test.each<[string, Message[], string | undefined]>([
  ['the text of the last message', [user(text('first')), user(text('last'))], 'last'],
  ['all its parts', [user(text('a'), text('b'))], 'a\nb'],
  ['text as long as that', [user(text('x'.repeat(32_768)))], 'x'.repeat(32_768)],
  ['an earlier image beside it', [user({ type: 'image', source }), user(text('a'))], 'a'],
  ['none with longer text', [user(text('x'.repeat(32_769)))], undefined],
  ['none without text', [user(text(' \n'))], undefined],
  ['none without parts', [user()], undefined],
  ['none without messages', [], undefined],
  ['none with an image', [user(text('a'), { type: 'image', source })], undefined],
  ['none with a file', [user(text('a'), { type: 'file', source })], undefined],
  ['none with audio', [user(text('a'), { type: 'audio', format: 'wav', data: '' })], undefined],
  ['none of the system', [user(text('a')), { role: 'system', parts: [] }], undefined],
  ['none of the model', [user(text('a')), { role: 'assistant', parts: [] }], undefined],
  ['none of a tool', [user(text('a')), { role: 'tool', results: [] }], undefined],
])('%s is a question', (_what, messages, expected) => {
  expect(toQuestion({ messages, tools: [], unknown: [] })).toBe(expected)
})
