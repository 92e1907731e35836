import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AiGateway, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, providerModel, toClientOptions } from '#test/fixtures/providers.ts'
import { until } from '#test/fixtures/until.ts'

// What goes wrong, as Anthropic's own client tells it.

let ai: AiGateway
let client: Anthropic

beforeEach(async () => {
  ai = await startAiGateway()
  client = new Anthropic(toClientOptions(ai))
})
afterEach(() => ai[Symbol.asyncDispose]())

const ask = {
  model: 'model',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'a few words to say here' }],
}

const errorOf = async (
  call: PromiseLike<unknown>,
): Promise<InstanceType<typeof Anthropic.APIError>> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Anthropic.APIError)
  return error as InstanceType<typeof Anthropic.APIError>
}

test('a key that nobody has, as the client shows keys today and as it did before', async () => {
  const expected = { status: 401, type: 'authentication_error' }
  const stranger = client.withOptions({ apiKey: 'nobody' })
  const error = await errorOf(stranger.messages.create(ask))
  expect(error).toBeInstanceOf(Anthropic.AuthenticationError)
  expect(error).toMatchObject(expected)
  const older = client.withOptions({
    apiKey: null,
    defaultHeaders: { authorization: null, 'x-api-key': 'nobody' },
  })
  expect(await errorOf(older.messages.create(ask))).toMatchObject(expected)
})

test.each([
  ['create', () => client.messages.create({ ...ask, model: 'nothing' })],
  ['stream', () => client.messages.stream({ ...ask, model: 'nothing' }).finalMessage()],
  ['countTokens', () => client.messages.countTokens({ ...ask, model: 'nothing' })],
])('a model that does not exist: %s', async (_method, call) => {
  const error = await errorOf(call())
  expect(error).toBeInstanceOf(Anthropic.NotFoundError)
  expect(error).toMatchObject({ status: 404, type: 'not_found_error' })
  expect(error.apiMessage).toContain('nothing')
})

describe.each(PROVIDERS)('%s', (provider) => {
  const request = { ...ask, model: provider.toLowerCase() }
  const serve = (fault?: string) => ai.serve(providerModel(provider, ai.mock.port, fault))
  const create = () => client.messages.create(request)

  test.each([
    ['no messages', { messages: [] }],
    ['a role that is none', { messages: [{ role: 'human' as 'user', content: 'x' }] }],
    ['a limit below nothing', { max_tokens: -1 }],
  ])('a body that is not valid: %s', async (_what, wrong) => {
    serve()
    const error = await errorOf(client.messages.create({ ...request, ...wrong }))
    expect(error).toBeInstanceOf(Anthropic.BadRequestError)
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' })
    expect(error.apiMessage).toMatch(/\w/)
  })

  test('a limit of the rate, with when to come back', async () => {
    serve('status=429&retry-after=7')
    const error = await errorOf(create())
    expect(error).toBeInstanceOf(Anthropic.RateLimitError)
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error' })
    expect(error.headers?.get('retry-after')).toBe('7')
    expect(error.requestID).toMatch(/\w/)
  })

  test('a provider that fails', async () => {
    serve('status=500')
    const error = await errorOf(create())
    expect(error).toBeInstanceOf(Anthropic.InternalServerError)
    expect(error).toMatchObject({ type: 'api_error', apiMessage: expect.stringMatching(/\w/) })
    expect(error.status).toBeGreaterThanOrEqual(500)
  })

  test('a provider that refuses', async () => {
    serve('status=400')
    const error = await errorOf(create())
    expect(error).toBeInstanceOf(Anthropic.BadRequestError)
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' })
    expect(error.apiMessage).toMatch(/\w/)
  })

  test('a stream that fails before its first word has a status', async () => {
    serve('status=429')
    const error = await errorOf(client.messages.stream(request).finalMessage())
    expect(error).toBeInstanceOf(Anthropic.RateLimitError)
  })

  test.each(['cut=3', 'pace=2&cut=4', 'pace=2&error-event=4'])(
    'a stream that breaks throws: %s',
    async (fault) => {
      serve(`tokens=20&${fault}`)
      const read = async () => {
        for await (const _ of await client.messages.create({ ...request, stream: true }));
      }
      expect((await errorOf(read())).type).toMatch(/^(api|overloaded)_error$/)
      const stream = client.messages.stream(request)
      await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIError)
      expect(stream.errored).toBe(true)
    },
  )

  test('a stream that is not readable throws', async () => {
    serve('tokens=20&pace=2&malformed=true')
    const stream = client.messages.stream(request)
    await expect(stream.finalMessage()).rejects.toThrow(Anthropic.AnthropicError)
  })

  // All callers share one account at the provider.
  test.each([
    ['a thread', { thread: { type: 'continue' as const, previous_message_id: 'msg_of_another' } }],
    ['a container', { container: 'container_of_another' }],
    [
      'a file',
      {
        messages: [
          {
            role: 'user' as const,
            content: [
              {
                type: 'document' as const,
                source: { type: 'file' as const, file_id: 'file_of_another' },
              },
            ],
          },
        ],
      },
    ],
  ])('what another has stored at the provider is out of reach: %s', async (_what, reference) => {
    serve()
    const call = client.beta.messages.create({ ...request, ...reference })
    await call.catch((error: unknown) => expect(error).toBeInstanceOf(Anthropic.BadRequestError))
    expect(JSON.stringify(ai.mock.seen)).not.toContain('_of_another')
  })

  test('a thread is refused in the way that makes the client send all of it', async () => {
    serve()
    const error = await errorOf(
      client.beta.messages.create({ ...request, thread: { type: 'create' } }),
    )
    expect(error.errorCode).toBe('thread_unsupported_request')
  })

  test('a client that aborts a stream is noticed, and the provider is left', async () => {
    serve('tokens=20&pace=1&hang=6')
    const stream = client.messages.stream(request)
    stream.once('text', () => stream.abort())
    await expect(stream.finalMessage()).rejects.toThrow(Anthropic.APIUserAbortError)
    await until('the provider is left', () => ai.mock.seen[0]?.aborted)
  })

  test('a client that leaves before there is an answer is noticed', async () => {
    serve('hang=head')
    const controller = new AbortController()
    const call = client.messages.create(request, { signal: controller.signal })
    const ended = expect(call).rejects.toThrow(Anthropic.APIUserAbortError)
    await until('the provider is asked', () => ai.mock.seen[0])
    controller.abort()
    await ended
    await until('the provider is left', () => ai.mock.seen[0]?.aborted)
  })
})
