import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, type LanguageModel, streamText } from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AiGateway, KEY_OF_ALICE, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, providerModel } from '#test/fixtures/providers.ts'
import { until } from '#test/fixtures/until.ts'

// What goes wrong, as Vercel's AI SDK tells it.

let ai: AiGateway

beforeEach(async () => {
  ai = await startAiGateway()
})
afterEach(() => ai[Symbol.asyncDispose]())

const toBase = (apiKey: string) => ({
  baseURL: `http://127.0.0.1:${ai.gateway.port}/v1`,
  apiKey,
})

const DIALECTS: Record<string, (model: string, apiKey?: string) => LanguageModel> = {
  'openai-compatible': (model, apiKey = KEY_OF_ALICE) =>
    createOpenAICompatible({ ...toBase(apiKey), name: 'penstock' })(model),
  anthropic: (model, apiKey = KEY_OF_ALICE) => createAnthropic(toBase(apiKey))(model),
}

const prompt = 'a few words to say here'

const errorOf = async (call: PromiseLike<unknown>): Promise<APICallError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(APICallError.isInstance(error)).toBe(true)
  return error as APICallError
}

const generate = (model: LanguageModel, abortSignal?: AbortSignal) =>
  generateText({ model, prompt, maxRetries: 0, ...(abortSignal && { abortSignal }) })

/** Reads a stream to its end. @returns what was told of errors */
const read = async (model: LanguageModel) => {
  const errors: unknown[] = []
  const onError = ({ error }: { error: unknown }): void => {
    errors.push(error)
  }
  const stream = streamText({ model, prompt, maxRetries: 0, onError })
  const types: string[] = []
  for await (const { type } of stream.stream) types.push(type)
  return { errors, types, finishReason: stream.finishReason }
}

describe.each(Object.entries(DIALECTS))('%s', (_dialect, createModel) => {
  test('a key that nobody has', async () => {
    const error = await errorOf(generate(createModel('model', 'nobody')))
    expect(error).toMatchObject({ statusCode: 401, isRetryable: false })
    expect(error.message).toMatch(/API key/)
  })

  test('a model that does not exist', async () => {
    const error = await errorOf(generate(createModel('nothing')))
    expect(error).toMatchObject({ statusCode: 404, isRetryable: false })
    expect(error.message).toContain('nothing')
  })
})

const cases = Object.keys(DIALECTS).flatMap((dialect) =>
  PROVIDERS.map((provider) => [dialect, provider] as const),
)

describe.each(cases)('%s to %s', (dialect, provider) => {
  const createModel = () => DIALECTS[dialect]!(provider.toLowerCase())
  const serve = (fault: string) => ai.serve(providerModel(provider, ai.mock.port, fault))

  test.each([
    ['status=429&retry-after=7', { statusCode: 429, isRetryable: true }],
    ['status=500', { statusCode: 502, isRetryable: true }],
    ['status=400', { statusCode: 400, isRetryable: false }],
  ])('an error of the provider: %s', async (fault, expected) => {
    serve(fault)
    const error = await errorOf(generate(createModel()))
    expect(error).toMatchObject(expected)
    expect(error.message).toMatch(/^[A-Z][^{]+$/i)
    if (expected.statusCode === 429) expect(error.responseHeaders?.['retry-after']).toBe('7')
    const streamed = await read(createModel())
    expect(streamed.errors).toHaveLength(1)
    expect(streamed.types).not.toContain('finish-step')
  })

  test.each(['cut=3', 'pace=2&cut=4', 'pace=2&error-event=4', 'pace=2&malformed=true'])(
    'a stream that breaks is an error: %s',
    async (fault) => {
      serve(`tokens=20&${fault}`)
      const { errors, types } = await read(createModel())
      expect(errors.length).toBeGreaterThan(0)
      expect(types).toContain('error')
    },
  )

  test('an abort of a stream leaves the provider', async () => {
    serve('tokens=20&pace=1&hang=6')
    const controller = new AbortController()
    const { signal: abortSignal } = controller
    const stream = streamText({ model: createModel(), prompt, maxRetries: 0, abortSignal })
    const types: string[] = []
    for await (const { type } of stream.stream) {
      types.push(type)
      if (type === 'text-delta') controller.abort()
    }
    expect(types).toContain('abort')
    await until('the provider is left', () => ai.mock.seen[0]?.aborted)
  })

  test('an abort before there is an answer leaves the provider', async () => {
    serve('hang=head')
    const controller = new AbortController()
    const ended = expect(generate(createModel(), controller.signal)).rejects.toThrow(/abort/)
    await until('the provider is asked', () => ai.mock.seen[0])
    controller.abort()
    await ended
    await until('the provider is left', () => ai.mock.seen[0]?.aborted)
  })
})
