import { request } from 'undici'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLog } from '#lib/telemetry/log.ts'
import { type AiGateway, KEY_OF_ALICE, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { startBackend } from '#test/fixtures/backend.ts'
import { openH2, sendH2 } from '#test/fixtures/h2-client.ts'
import { type ModelSpec, toConsumerSecret, toSecret } from '#test/fixtures/models.ts'
import { until } from '#test/fixtures/until.ts'

let ai: AiGateway
let gateway: AiGateway['gateway']
let mock: AiGateway['mock']
let serve: AiGateway['serve']

beforeEach(async () => {
  ai = await startAiGateway()
  ;({ gateway, mock, serve } = ai)
})
afterEach(() => ai[Symbol.asyncDispose]())

const messages = [{ role: 'user', content: 'hello' }]
const chat = (members: object = {}, headers: Record<string, string> = {}) =>
  ai.call('/v1/chat/completions', { body: { model: 'model', messages, ...members }, headers })

/** A model whose provider misbehaves in this way. */
const serveFault = (fault: string, spec: ModelSpec = {}) =>
  serve({ generation: 2, model: `gpt-mock?${fault}`, ...spec })

const stats = () => gateway.models.get('AIModelConfig/default/model')!.stats
const errorOf = (text: string) => JSON.parse(text).error
const eventsOf = (text: string) => text.split('\n\n').filter(Boolean)

test('a call reaches the provider, and its answer the caller', async () => {
  const { status, headers, text } = await chat({ seed: 7 })
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('application/json')
  expect(headers['x-penstock-model']).toBe('default/model')
  expect(JSON.parse(text)).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'You said: hello' } }],
  })
  const [seen] = mock.seen
  expect(seen?.body).toEqual({ model: 'gpt-mock', messages, seed: 7 })
  expect(seen?.headers.authorization).toBe('Bearer sk-provider')
  expect(seen?.headers['x-request-id']).toBe(headers['x-request-id'])
  expect(stats().calls.ok).toBe(1)
  expect(stats().inputTokens).toBeGreaterThan(0)
})

test('nothing of what the caller says of itself reaches the provider', async () => {
  await chat({}, { 'x-api-key': 'key-of-alice', cookie: 'a=b', 'x-secret': 'c' })
  const names = Object.keys(mock.seen[0]!.headers)
  expect(names.sort()).toEqual([
    'accept',
    'authorization',
    'content-length',
    'content-type',
    'host',
    'user-agent',
    'x-request-id',
  ])
})

test('a stream is passed on event by event', async () => {
  const { status, headers, text } = await chat({ stream: true })
  expect(status).toBe(200)
  expect(headers['content-type']).toMatch(/^text\/event-stream/)
  const events = eventsOf(text)
  expect(events.at(-1)).toBe('data: [DONE]')
  const content = events
    .slice(0, -1)
    .map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? '')
  expect(content.join('')).toBe('You said: hello')
  expect(stats().outputTokens).toBeGreaterThan(0)
})

test('the usage of a stream is counted, and told to those who ask for it', async () => {
  const without = await chat({ stream: true })
  expect(without.text).not.toContain('"usage":{')
  const before = { ...stats() }
  const options = { stream: true, stream_options: { include_usage: true } }
  expect((await chat(options)).text).toContain('"usage":{')
  expect(stats().inputTokens).toBe(before.inputTokens * 2)
  expect(stats().outputTokens).toBe(before.outputTokens * 2)
})

test('pieces of a stream that are cut anywhere arrive whole', async () => {
  serveFault('split=true')
  const { text } = await chat({ stream: true, messages: [{ role: 'user', content: 'grüße 🚀' }] })
  const content = eventsOf(text)
    .slice(0, -1)
    .map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? '')
  expect(content.join('')).toBe('You said: grüße 🚀')
})

test.each([
  ['none', { authorization: '' }],
  ['a wrong one', { authorization: 'Bearer nobody' }],
  ['another scheme', { authorization: 'Basic key-of-alice' }],
])('who shows %s as key is refused, in the dialect of the endpoint', async (_what, headers) => {
  const { status, text } = await chat({}, headers)
  expect(status).toBe(401)
  expect(errorOf(text)).toMatchObject({
    type: 'invalid_request_error',
    code: 'invalid_api_key',
  })
  expect(mock.seen).toEqual([])
})

test('a key may come as clients of Anthropic send it', async () => {
  const { status } = await chat({}, { authorization: '', 'x-api-key': 'key-of-alice' })
  expect(status).toBe(200)
})

test.each([
  ['unknown', 'nothing'],
  ['of a namespace that is not the caller’s', 'other/model'],
  ['of a version that is not served', 'model@2'],
  ['without a name', '/'],
])('a model %s does not exist', async (_what, model) => {
  serve({ namespace: 'other' })
  const { status, text } = await chat({ model })
  expect(status).toBe(404)
  expect(errorOf(text)).toMatchObject({ code: 'model_not_found', param: 'model' })
})

test('a model is named with or without its namespace and its version', async () => {
  serve({ generation: 2, version: 'v2' })
  for (const model of ['model', 'default/model', 'model@v2', 'default/model@v2']) {
    const { status, headers } = await chat({ model })
    expect([status, headers['x-penstock-model']]).toEqual([200, 'default/model@v2'])
  }
})

test('the models of the gateway’s own namespace are for everyone, after one’s own', async () => {
  gateway.secrets.set(toSecret('provider', { apiKey: 'x' }, { namespace: 'penstock-system' }))
  gateway.consumers.set(toConsumerSecret('bob', 'key-of-bob'))
  for (const name of ['model', 'shared']) serve({ namespace: 'penstock-system', name })
  const modelFor = async (key: string, model: string) =>
    (await chat({ model }, { authorization: `Bearer ${key}` })).headers['x-penstock-model']
  expect(await modelFor('key-of-alice', 'shared')).toBe('penstock-system/shared')
  expect(await modelFor('key-of-alice', 'model')).toBe('default/model')
  expect(await modelFor('key-of-bob', 'model')).toBe('penstock-system/model')
})

test('lists the models that the caller may name', async () => {
  serve({ name: 'second' })
  serve({ name: 'hidden', namespace: 'other' })
  const { text } = await ai.call('/v1/models', { method: 'GET' })
  expect(JSON.parse(text)).toEqual({
    object: 'list',
    data: ['model', 'second'].map((id) => ({
      id,
      object: 'model',
      created: 1767225600,
      owned_by: 'default',
    })),
  })
})

test('embeddings', async () => {
  const { status, text } = await ai.call('/v1/embeddings', {
    body: { model: 'model', input: ['a', 'b'] },
  })
  expect(status).toBe(200)
  expect(JSON.parse(text).data).toHaveLength(2)
})

test('a body that is no call is refused before anyone is asked', async () => {
  const { status, text } = await ai.call('/v1/chat/completions', { body: '{' })
  expect(status).toBe(400)
  expect(errorOf(text).code).toBe('invalid_json')
  expect(mock.seen).toEqual([])
})

test('a body beyond the limit is refused', async () => {
  const content = 'x'.repeat(1 << 20)
  const { status, text } = await chat({ messages: [{ role: 'user', content }] })
  expect(status).toBe(413)
  expect(errorOf(text).code).toBe('request_too_large')
})

test('a body of many packets arrives whole', async () => {
  const content = 'é'.repeat(200_000)
  const { status, text } = await chat({ messages: [{ role: 'user', content }] })
  expect(status).toBe(200)
  expect(JSON.parse(text).choices[0].message.content).toBe(`You said: ${content}`)
})

test('no more tokens than the model allows, and no fewer than it gives', async () => {
  serve({ generation: 2, maxTokens: 5, maxTokensField: 'max_completion_tokens' })
  const { status, text } = await chat({ max_tokens: 6 })
  expect([status, errorOf(text).param]).toEqual([400, 'max_tokens'])
  await chat({})
  expect(mock.seen.at(-1)?.body).toMatchObject({ max_completion_tokens: 5 })
  await chat({ max_tokens: 4 })
  expect(mock.seen.at(-1)?.body).toEqual({ model: 'gpt-mock', messages, max_completion_tokens: 4 })
})

test('a rotated credential counts from the next call on', async () => {
  gateway.secrets.set(toSecret('provider', { apiKey: 'sk-next' }))
  await chat()
  expect(mock.seen[0]?.headers.authorization).toBe('Bearer sk-next')
})

test.each([
  ['is missing', {}],
  ['has a line break within', { apiKey: 'a\r\nx-injected: b' }],
])('a credential that %s is told without a word of it', async (_what, data) => {
  gateway.secrets.set(toSecret('provider', data))
  const { status, text } = await chat()
  expect([status, errorOf(text).code]).toEqual([503, 'credential_missing'])
  expect(mock.seen).toEqual([])
})

test.each([
  [400, 400, undefined],
  [401, 502, 'provider_refused'],
  [403, 502, 'provider_refused'],
  [404, 502, 'provider_failed'],
  [413, 413, undefined],
  [429, 429, 'provider_rate_limited'],
  [500, 502, 'provider_failed'],
  [503, 503, 'provider_unreachable'],
])('a provider’s %i is a %i for the caller', async (status, expected, code) => {
  serveFault(`status=${status}`)
  for (const stream of [false, true]) {
    const answer = await chat({ stream })
    expect(answer.status).toBe(expected)
    if (code) expect(errorOf(answer.text).code).toBe(code)
    else expect(errorOf(answer.text).message).toEqual(expect.any(String))
  }
})

test('says when a provider that limits the rate may be asked again', async () => {
  serveFault('status=429&retry-after=7')
  expect((await chat()).headers['retry-after']).toBe('7')
  expect(stats().calls.rate_limited).toBe(1)
})

test.each(['malformed=true', 'cut=1'])('half an answer is none: %s', async (fault) => {
  serveFault(fault)
  const { status, text } = await chat()
  expect([status, errorOf(text).code]).toEqual([502, 'provider_failed'])
})

test.each(['cut=2', 'error-event=2'])(
  'a stream that breaks does not look complete: %s',
  async (fault) => {
    serveFault(`tokens=20&pace=2&${fault}`)
    const { status, text } = await chat({ stream: true })
    const events = eventsOf(text)
    expect(status).toBe(200)
    expect(events.length).toBeGreaterThan(1)
    expect(JSON.parse(events.at(-1)!.slice(6)).error).toBeDefined()
    expect(stats().calls.failed).toBe(1)
  },
)

test.each(['cut=0', 'error-event=0'])(
  'a stream that breaks before its first event is an error with a status: %s',
  async (fault) => {
    serveFault(fault)
    const { status, text } = await chat({ stream: true })
    expect([status, errorOf(text).code]).toEqual([502, 'provider_failed'])
  },
)

test('a provider that is not there', async () => {
  serve({ generation: 2, endpoint: { protocol: 'http', host: '127.0.0.1', port: 9, basePath: '' } })
  const { status, text } = await chat()
  expect([status, errorOf(text).code]).toEqual([503, 'provider_unreachable'])
})

test.each([
  ['the answer', 'hang=head', { requestMs: 100, firstTokenMs: 0, streamIdleMs: 0 }, false],
  ['the first event', 'hang=head', { requestMs: 0, firstTokenMs: 100, streamIdleMs: 0 }, true],
])('%s does not come in time', async (_what, fault, timeouts, stream) => {
  serveFault(fault, { timeouts })
  const { status, text } = await chat({ stream })
  expect([status, errorOf(text).code]).toEqual([504, 'provider_timeout'])
  expect(stats().calls.timeout).toBe(1)
  await until('the provider is left', () => mock.seen[0]?.aborted)
})

test('a stream that goes silent ends with an error', async () => {
  serveFault('tokens=20&hang=2', {
    timeouts: { requestMs: 0, firstTokenMs: 0, streamIdleMs: 100 },
  })
  const { text } = await chat({ stream: true })
  expect(JSON.parse(eventsOf(text).at(-1)!.slice(6)).error.code).toBe('provider_timeout')
})

test('when the caller leaves, so does the gateway', async () => {
  serveFault('tokens=20&hang=2')
  const abort = new AbortController()
  const body = { model: 'model', messages, stream: true }
  const answer = ai.call('/v1/chat/completions', { body, signal: abort.signal })
  await until('the provider is asked', () => mock.seen.length > 0)
  abort.abort()
  await expect(answer).rejects.toThrow()
  await until('the provider is left', () => mock.seen[0]?.aborted)
  expect(stats().calls.client_left).toBe(1)
})

test('a route of a user goes before the endpoint, given the same match', async () => {
  gateway.serve({
    matches: [
      {
        path: { type: 'Exact', value: '/v1/chat/completions' },
        method: 'POST',
        headers: [],
        queryParams: [],
      },
    ],
    to: mock.port,
  })
  const { status } = await ai.call('/v1/chat/completions', {
    body: { model: 'gpt-mock', messages },
  })
  expect(status).toBe(200)
  expect(mock.seen[0]?.headers.authorization).toBe('Bearer key-of-alice')
})

test('a route for everything leaves the endpoint where it is', async () => {
  gateway.serve({ to: 9 })
  expect((await chat()).status).toBe(200)
})

test('bodies together may hold so much memory, and no more', async () => {
  await ai[Symbol.asyncDispose]()
  ai = await startAiGateway({ budgetBytes: 3000 })
  ai.serve({ generation: 2, model: 'gpt-mock?hang=head' })
  const abort = new AbortController()
  const content = 'x'.repeat(1000)
  const body = { model: 'model', messages: [{ role: 'user', content }] }
  const held = [1, 2].map(() =>
    ai.call('/v1/chat/completions', { body, signal: abort.signal }).catch(() => undefined),
  )
  await until('both are under way', () => ai.mock.seen.length === 2)
  const { status, headers, text } = await ai.call('/v1/chat/completions', { body })
  expect([status, errorOf(text).code, headers['retry-after']]).toEqual([503, 'overloaded', '1'])
  abort.abort()
  await Promise.all(held)
  ai.serve({ generation: 3, model: 'gpt-mock' })
  await until('there is room again', async () => {
    const answer = await ai.call('/v1/chat/completions', { body })
    return answer.status === 200
  })
})

test('a provider that answers with what nobody thought of harms nobody else', async () => {
  const bodies = [
    '{"base_resp":{"status_code":{"toString":1}},"choices":[{}]}',
    `{"error":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '[]',
    'null',
    '',
    '{"choices":[',
    '{"usage":{"prompt_tokens":{}},"choices":[{}]}',
  ]
  await using backend = await startBackend((_request, res) => void res.end(bodies.shift()))
  serve({ generation: 2, to: backend.port })
  const statuses: number[] = []
  while (bodies.length > 0) statuses.push((await chat()).status)
  expect(statuses).toEqual([200, 502, 502, 502, 502, 502, 200])
})

test.each(['constructor', '__proto__', 'toString'])(
  'a credential called %s is missing, unless the Secret has it',
  async (key) => {
    const header = { header: 'authorization', prefix: 'Bearer ' }
    const credential = { type: 'Header', secret: 'provider', key, ...header } as const
    serve({ generation: 2, credential })
    expect(gateway.models.get('AIModelConfig/default/model')?.problems).toMatchObject([
      { reason: 'SecretNotFound' },
    ])
    expect((await chat()).status).toBe(503)
  },
)

test('a credential that no header could carry is told', () => {
  gateway.secrets.set(toSecret('provider', { apiKey: '\n' }))
  serve({ generation: 2 })
  expect(gateway.models.get('AIModelConfig/default/model')?.problems).toMatchObject([
    { reason: 'InvalidCredential' },
  ])
})

test('after its end mark a stream is over, whatever the provider goes on to do', async () => {
  serveFault('hang=99')
  const { text } = await chat({ stream: true })
  expect(eventsOf(text).at(-1)).toBe('data: [DONE]')
  expect(stats().calls).toMatchObject({ ok: 1, timeout: 0, failed: 0 })
})

test('a client that reads slowly gets every byte', async () => {
  serveFault('tokens=10000')
  const response = await request(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY_OF_ALICE}` },
    body: JSON.stringify({ model: 'model', messages, stream: true }),
    highWaterMark: 1,
  })
  let text = ''
  for await (const chunk of response.body) {
    text += chunk
    await new Promise(setImmediate)
  }
  const words = eventsOf(text)
    .slice(0, -1)
    .map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? '')
  expect(words.join('').split(' ')).toHaveLength(10_000)
})

test('HTTP/2: a chat, a stream and a refusal', async () => {
  using session = await openH2(gateway.port)
  const send = (body: object, authorization = `Bearer ${KEY_OF_ALICE}`) =>
    sendH2(
      session,
      { ':method': 'POST', ':path': '/v1/chat/completions', authorization },
      JSON.stringify({ model: 'model', messages, ...body }),
    )
  expect(JSON.parse((await send({})).body).choices[0].message.content).toBe('You said: hello')
  expect((await send({ stream: true })).body).toMatch(/data: \[DONE\]\n\n$/)
  expect((await send({}, 'Bearer nobody')).status).toBe(401)
})

test('each call is told in one line, without what was asked and answered', async () => {
  await ai[Symbol.asyncDispose]()
  const lines: string[] = []
  ai = await startAiGateway({
    log: createLog('test', 'info', { write: (line) => void lines.push(line) }),
  })
  const ask = (members: object) =>
    ai.call('/v1/chat/completions', { body: { model: 'model', messages, ...members } })
  const { headers } = await ask({ stream: true })
  ai.serve({ generation: 2, model: 'gpt-mock?status=401' })
  await ask({})
  const [stream, refused] = lines.map((line) => JSON.parse(line))
  expect(lines).toHaveLength(2)
  expect(stream).toMatchObject({
    msg: 'model called',
    requestId: headers['x-request-id'],
    model: 'default/model',
    consumer: 'alice',
    tenant: 'default',
    operation: 'chat',
    stream: true,
    outcome: 'ok',
    providerStatus: 200,
    firstTokenMs: expect.any(Number),
    inputTokens: 2,
    outputTokens: 4,
  })
  expect(refused).toMatchObject({
    outcome: 'failed',
    cause: 'provider_refused',
    providerStatus: 401,
  })
  expect(lines.join('')).not.toMatch(/hello|key-of-alice|sk-provider/)
})
