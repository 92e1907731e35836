import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AiGateway, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, providerModel, toClientOptions } from '#test/fixtures/providers.ts'
import { until } from '#test/fixtures/until.ts'

// What goes wrong, as OpenAI's own client tells it.

let ai: AiGateway
let client: OpenAI

beforeEach(async () => {
  ai = await startAiGateway()
  client = new OpenAI(toClientOptions(ai, '/v1'))
})
afterEach(() => ai[Symbol.asyncDispose]())

const text = 'a few words to say here'

/** One way to ask, as a whole and in pieces. */
interface Api {
  create(model: string, options?: OpenAI.RequestOptions): PromiseLike<unknown>
  /** Reads a stream to its end, and tells of each of its events. */
  read(model: string, onEvent?: (abort: () => void) => void): Promise<void>
}

interface EventStream extends AsyncIterable<unknown> {
  readonly controller: AbortController
}

const readAll = async (stream: EventStream, onEvent?: (abort: () => void) => void) => {
  for await (const _ of stream) onEvent?.(() => stream.controller.abort())
}

const messages = [{ role: 'user' as const, content: text }]
const APIS: Record<string, Api> = {
  chat: {
    create: (model, options) => client.chat.completions.create({ model, messages }, options),
    read: async (model, onEvent) =>
      readAll(await client.chat.completions.create({ model, messages, stream: true }), onEvent),
  },
  responses: {
    create: (model, options) => client.responses.create({ model, input: text }, options),
    read: async (model, onEvent) =>
      readAll(await client.responses.create({ model, input: text, stream: true }), onEvent),
  },
}

const errorOf = async (call: PromiseLike<unknown>) => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(OpenAI.APIError)
  return error as InstanceType<typeof OpenAI.APIError>
}

/** Models of all providers, and one of a provider that speaks the Responses API itself. */
const SERVERS = [...PROVIDERS, 'Responses'] as const

const cases = Object.keys(APIS).flatMap((api) => SERVERS.map((server) => [api, server] as const))

describe.each(cases)('%s of %s', (name, server) => {
  const api = APIS[name]!
  const model = server.toLowerCase()
  const serve = (fault?: string) => {
    const isNative = server === 'Responses'
    const spec = providerModel(isNative ? 'OpenAI' : server, ai.mock.port, fault)
    ai.serve({ ...spec, name: model, hasResponses: isNative })
  }

  test('a limit of the rate, with when to come back', async () => {
    serve('status=429&retry-after=7')
    const error = await errorOf(api.create(model))
    expect(error).toBeInstanceOf(OpenAI.RateLimitError)
    expect(error).toMatchObject({ type: 'rate_limit_error', code: 'provider_rate_limited' })
    expect(error.headers?.get('retry-after')).toBe('7')
    expect(error.requestID).toMatch(/\w/)
  })

  test('a provider that fails', async () => {
    serve('status=500')
    const error = await errorOf(api.create(model))
    expect(error).toBeInstanceOf(OpenAI.InternalServerError)
    expect(error.type).toBe('server_error')
  })

  test('a provider that refuses', async () => {
    serve('status=400')
    const error = await errorOf(api.create(model))
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error.type).toBe('invalid_request_error')
  })

  test('a stream that fails before its first word has a status', async () => {
    serve('status=429')
    expect(await errorOf(api.read(model))).toBeInstanceOf(OpenAI.RateLimitError)
  })

  test.each(['cut=3', 'pace=2&cut=4', 'pace=2&error-event=4'])(
    'a stream that breaks throws: %s',
    async (fault) => {
      serve(`tokens=20&${fault}`)
      expect((await errorOf(api.read(model))).message).toMatch(/\w/)
    },
  )

  test('a stream that is not readable throws', async () => {
    serve('tokens=20&pace=2&malformed=true')
    await expect(api.read(model)).rejects.toThrow()
  })

  test('a client that aborts a stream is noticed, and the provider is left', async () => {
    serve('tokens=20&pace=1&hang=6')
    await api.read(model, (abort) => abort())
    await until('the provider is left', () => ai.mock.seen[0]?.aborted)
  })

  test('a client that leaves before there is an answer is noticed', async () => {
    serve('hang=head')
    const controller = new AbortController()
    const call = Promise.resolve(api.create(model, { signal: controller.signal }))
    const ended = expect(call).rejects.toThrow(OpenAI.APIUserAbortError)
    await until('the provider is asked', () => ai.mock.seen[0])
    controller.abort()
    await ended
    await until('the provider is left', () => ai.mock.seen[0]?.aborted)
  })
})

test('errors are of the client’s own types', async () => {
  const stranger = client.withOptions({ apiKey: 'nobody' })
  const request = { model: 'model', messages }
  const call = (options: object = {}, from = client) =>
    from.chat.completions.create({ ...request, ...options })
  await expect(call({}, stranger)).rejects.toThrow(OpenAI.AuthenticationError)
  await expect(call({ model: 'nothing' })).rejects.toThrow(OpenAI.NotFoundError)
  await expect(call({ messages: [] })).rejects.toThrow(OpenAI.BadRequestError)
  await expect(stranger.responses.create({ model: 'model', input: 'x' })).rejects.toThrow(
    OpenAI.AuthenticationError,
  )
  await expect(client.responses.create({ model: 'model', input: [] })).rejects.toThrow(
    OpenAI.BadRequestError,
  )
})

test('a refusal names its code and field', async () => {
  const expected = { status: 404, code: 'model_not_found', param: 'model' }
  await expect(Promise.resolve(APIS.chat!.create('no'))).rejects.toMatchObject(expected)
  await expect(Promise.resolve(APIS.responses!.create('no'))).rejects.toMatchObject(expected)
})
