import { expect, test } from 'vitest'
import { embeddingsCodec } from './embeddings.ts'

const MODEL = { model: 'real', hasStreamOptions: true }

test('asks for the vectors of texts', () => {
  expect(embeddingsCodec.encode({ input: ['a', 'b'], dimensions: 2 }, MODEL)).toEqual({
    path: '/embeddings',
    headers: [],
    body: { model: 'real', input: ['a', 'b'], dimensions: 2 },
    ignored: [],
  })
  expect(embeddingsCodec.encode({ input: ['a'] }, MODEL).body).toEqual({
    model: 'real',
    input: ['a'],
  })
})

test('reads vectors in the order of the texts, and the usage', () => {
  const answer = embeddingsCodec.decode({
    object: 'list',
    data: [
      { object: 'embedding', index: 1, embedding: [0.3, -4e-5] },
      { object: 'embedding', index: 0, embedding: [0.1, 0.2] },
    ],
    usage: { prompt_tokens: 8, total_tokens: 8 },
  })
  expect(answer).toEqual({
    vectors: [
      [0.1, 0.2],
      [0.3, -4e-5],
    ],
    usage: { inputTokens: 8, outputTokens: 0 },
  })
})

test('reads an answer that tells no more than the vectors', () => {
  expect(embeddingsCodec.decode({ data: [{ embedding: [1] }, { embedding: [2] }] })).toEqual({
    vectors: [[1], [2]],
  })
})

test.each<[string, unknown]>([
  ['an error', { error: { message: 'overloaded' }, data: [] }],
  ['no list', { data: {} }],
  ['a vector of words', { data: [{ embedding: ['a'] }] }],
  ['a vector in base64', { data: [{ embedding: 'AACAPw==' }] }],
])('takes %s for no answer', (_what, json) => {
  expect(() => embeddingsCodec.decode(json)).toThrow()
})
