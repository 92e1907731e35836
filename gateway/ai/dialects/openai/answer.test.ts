import { expect, test } from 'vitest'
import { readAnswer } from './answer.ts'

const read = (answer: object | string) =>
  readAnswer(Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)))

test.each<[string, object | string, boolean]>([
  ['nothing', {}, true],
  ['no choices', { id: 'a', usage: null }, true],
  ['choices that are null', { choices: null }, true],
  ['a list of no choices', '{"choices": [ \n]}', true],
  ['a list of no vectors', { data: [] }, true],
  ['a choice', { choices: [{}] }, false],
  ['vectors', { data: [{ embedding: Array(100).fill(0.5) }] }, false],
  ['a choice beside an error', { choices: [{}], error: { message: 'x' } }, true],
])('knows whether there is an answer: %s', (_what, answer, isFailure) => {
  expect(read(answer)).toEqual({ isFailure, usage: undefined })
})

test('reads what an answer has cost', () => {
  const usage = { prompt_tokens: 3, completion_tokens: 2 }
  const expected = { inputTokens: 3, outputTokens: 2 }
  expect(read({ choices: [{}], usage })).toEqual({ isFailure: false, usage: expected })
})
