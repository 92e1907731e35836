import { expect, test } from 'vitest'
import { embeddingsCodec } from './embeddings.ts'

const model = { model: 'embed-v4.0', hasStreamOptions: false }

test('asks for a vector of each text', () => {
  expect(embeddingsCodec.encode({ input: ['one', 'two'], dimensions: 256 }, model)).toEqual({
    path: '/v2/embed',
    headers: [],
    body: {
      model: 'embed-v4.0',
      texts: ['one', 'two'],
      input_type: 'search_document',
      embedding_types: ['float'],
      output_dimension: 256,
    },
    ignored: [],
  })
})

test('reads vectors, and the usage where it is told', () => {
  const float = [
    [0.5, -1],
    [1, 2],
  ]
  const meta = { api_version: { version: '2' }, billed_units: { input_tokens: 10 } }
  expect(embeddingsCodec.decode({ id: 'a', embeddings: { float } })).toEqual({ vectors: float })
  expect(embeddingsCodec.decode({ embeddings: { float }, meta, texts: ['one', 'two'] })).toEqual({
    vectors: float,
    usage: { inputTokens: 10, outputTokens: 0 },
  })
})

test.each([null, {}, { embeddings: [[1]] }, { embeddings: { float: [['x']] } }])(
  'refuses %j',
  (json) => {
    expect(() => embeddingsCodec.decode(json)).toThrow('Invalid input')
  },
)
