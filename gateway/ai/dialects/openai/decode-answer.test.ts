import { expect, test } from 'vitest'
import { decodeAnswer } from './decode-answer.ts'

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /expected object/],
  ['text', 'hello', /expected object/],
  ['no choices', { id: 'a' }, /no message/],
  ['an empty list of choices', { choices: [] }, /no message/],
  ['a choice without a message', { choices: [{ index: 0 }] }, /no message/],
  ['another choice', { choices: [{ index: 1, message: { content: 'a' } }] }, /no message/],
  ['an error', { error: { message: 'overloaded' } }, /overloaded/],
  ['an error of MiniMax', { base_resp: { status_code: 1008 } }, /failed/],
  [
    'an answer that was interrupted',
    { choices: [{ message: { content: 'a' }, finish_reason: 'error' }] },
    /not complete/,
  ],
])('takes %s for no answer', (_what, json, message) => {
  expect(() => decodeAnswer(json)).toThrow(message)
})
