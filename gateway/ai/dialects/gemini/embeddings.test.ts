import { expect, test } from 'vitest'
import { embeddingsCodec } from './embeddings.ts'

const model = { model: 'gemini-embedding-001', hasStreamOptions: false }

test('asks for a vector of each text', () => {
  const request = { input: ['one', 'two'], dimensions: 256 }
  expect(embeddingsCodec.encode(request, model)).toEqual({
    path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
    headers: [],
    body: {
      requests: ['one', 'two'].map((text) => ({
        model: 'models/gemini-embedding-001',
        content: { parts: [{ text }] },
        outputDimensionality: 256,
      })),
    },
    ignored: [],
  })
})

test('reads vectors, and the usage where it is told', () => {
  const embeddings = [{ values: [0.5, -1] }, { values: [1, 2], newField: 1 }]
  const vectors = [
    [0.5, -1],
    [1, 2],
  ]
  expect(embeddingsCodec.decode({ embeddings })).toEqual({ vectors })
  expect(embeddingsCodec.decode({ embeddings, usageMetadata: { promptTokenCount: 7 } })).toEqual({
    vectors,
    usage: { inputTokens: 7, outputTokens: 0 },
  })
})

test.each([null, {}, { embeddings: [{ values: ['x'] }] }])('refuses %j', (json) => {
  expect(() => embeddingsCodec.decode(json)).toThrow('Invalid input')
})
