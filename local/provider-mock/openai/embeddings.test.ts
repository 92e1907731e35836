import { expect, test } from 'vitest'
import { CREDENTIALS, startTestMock } from '../testing/mock.ts'

interface Embeddings {
  readonly data: readonly { readonly index: number; readonly embedding: number[] | string }[]
  readonly usage?: object
}

const send = async (body: object) => {
  await using mock = await startTestMock()
  const response = await mock.send('/v1/embeddings', { model: 'm', ...body })
  return (await response.json()) as Embeddings
}

test('every input gets a vector, and usage counts them all', async () => {
  expect(await send({ input: ['one text', 'another'] })).toEqual({
    object: 'list',
    data: [0, 1].map((index) => ({
      object: 'embedding',
      index,
      embedding: Array.from({ length: 8 }, () => expect.any(Number)),
    })),
    model: 'm',
    usage: { prompt_tokens: 4, total_tokens: 4 },
  })
})

test('base64 holds the same numbers', async () => {
  const { data } = await send({ input: 'x', dimensions: 5 })
  const encoded = await send({ input: 'x', dimensions: 5, encoding_format: 'base64' })
  const bytes = Buffer.from(encoded.data[0]?.embedding as string, 'base64')
  expect(bytes).toHaveLength(20)
  expect(Array.from({ length: 5 }, (_, i) => bytes.readFloatLE(i * 4))).toEqual(data[0]?.embedding)
})

test('tokens are one input, lists of tokens are several', async () => {
  const one = await send({ input: [1, 2, 3] })
  expect(one.data).toHaveLength(1)
  expect(one.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 })
  expect((await send({ input: [[1, 2], [3]] })).data).toHaveLength(2)
})

test('usage can be left out', async () => {
  expect(await send({ model: 'm?usage=none', input: 'x' })).not.toHaveProperty('usage')
})

test('the list of models is not empty', async () => {
  await using mock = await startTestMock()
  const response = await fetch(`${mock.url}/v1/models`, { headers: CREDENTIALS })
  const list = (await response.json()) as { object: string; data: { object: string }[] }
  expect(list.object).toBe('list')
  expect(list.data[0]).toMatchObject({ id: 'gpt-mock', object: 'model', owned_by: 'mock' })
})
