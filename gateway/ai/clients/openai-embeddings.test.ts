import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AiGateway } from '#test/fixtures/ai-gateway.ts'
import { providerModel, startAllProviders, toClientOptions } from '#test/fixtures/providers.ts'

// What OpenAI's own client makes of vectors, whoever the provider is.

let ai: AiGateway
let client: OpenAI

beforeEach(async () => {
  ai = await startAllProviders()
  client = new OpenAI(toClientOptions(ai, '/v1'))
})
afterEach(() => ai[Symbol.asyncDispose]())

const toLength = (vector: readonly number[]): number => Math.hypot(...vector)

describe.each(['openai', 'gemini', 'cohere'])('%s', (model) => {
  test('vectors, which the client asks for as base64 unless it is told not to', async () => {
    const input = ['one text', 'another']
    const { data, usage } = await client.embeddings.create({ model, input })
    expect(data.map(({ index }) => index)).toEqual([0, 1])
    expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
    for (const { embedding } of data) expect(toLength(embedding)).toBeCloseTo(1, 5)
    expect(usage.prompt_tokens).toBeGreaterThan(0)
    const floats = await client.embeddings.create({ model, input, encoding_format: 'float' })
    expect(floats.data.map(({ embedding }) => embedding)).toEqual(
      data.map(({ embedding }) => Array.from(embedding)),
    )
  })

  test('base64 that is asked for is handed over as it is', async () => {
    const { data } = await client.embeddings.create({
      model,
      input: 'one text',
      encoding_format: 'base64',
    })
    const bytes = Buffer.from(String(data[0]?.embedding), 'base64')
    const vector = Array.from({ length: 8 }, (_, i) => bytes.readFloatLE(i * 4))
    expect(bytes).toHaveLength(32)
    expect(toLength(vector)).toBeCloseTo(1, 5)
  })

  test('one text, and as many dimensions as are asked for', async () => {
    const { data } = await client.embeddings.create({ model, input: 'one text', dimensions: 4 })
    expect(data.map(({ embedding }) => embedding.length)).toEqual([4])
  })
})

test.each(['anthropic', 'bedrock'])('%s has none', async (model) => {
  const call = client.embeddings.create({ model, input: 'x' })
  await expect(call).rejects.toThrow(OpenAI.BadRequestError)
})

test('a provider that fails', async () => {
  ai.serve({ ...providerModel('Gemini', ai.mock.port, 'status=500'), generation: 2 })
  const call = client.embeddings.create({ model: 'gemini', input: 'x' })
  await expect(call).rejects.toThrow(OpenAI.InternalServerError)
})
