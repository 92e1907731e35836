import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { CREDENTIALS, PATIENTLY, startTestMock } from './testing/mock.ts'
import { VOICES } from './testing/voices.ts'

const PATH = '/v1/chat/completions'
const hi = { model: 'gpt-mock', messages: [{ role: 'user', content: 'hi' }] }

/** Where each provider says what went wrong. */
const MISSING: Record<string, object> = {
  'OpenAI chat': { error: { type: 'invalid_request_error', code: null } },
  'OpenAI responses': { error: { type: 'invalid_request_error', code: null } },
  'Anthropic messages': { type: 'error', error: { type: 'authentication_error' } },
  Gemini: { error: { code: 401, status: 'UNAUTHENTICATED' } },
  'Bedrock converse': { message: 'Missing Authentication Token' },
  'Cohere chat': { message: 'no api key supplied' },
}

const KINDS: Record<string, (status: number) => object> = {
  'OpenAI chat': (status) => ({
    error: { type: status < 429 ? 'invalid_request_error' : expect.any(String), param: null },
  }),
  'OpenAI responses': () => ({ error: { message: expect.any(String), param: null } }),
  'Anthropic messages': (status) => ({
    error: {
      type: { 404: 'not_found_error', 429: 'rate_limit_error', 529: 'overloaded_error' }[status],
    },
    request_id: expect.stringMatching(/^req_/),
  }),
  Gemini: (status) => ({
    error: {
      code: status,
      status: { 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 529: 'INTERNAL' }[status],
    },
  }),
  'Bedrock converse': () => ({ message: expect.any(String) }),
  'Cohere chat': () => ({ id: expect.any(String), message: expect.any(String) }),
}

describe.each(VOICES)('$name', (voice) => {
  test('a request without a credential, or with a wrong one, gets the 401 of the provider', async () => {
    await using mock = await startTestMock()
    const { path, body } = voice.ask({ text: 'hi' })
    const version = { 'anthropic-version': '2023-06-01' }
    const missing = await mock.send(path, body, { headers: version })
    expect(missing.status).toBe(401)
    expect(await missing.json()).toMatchObject(MISSING[voice.name]!)
    const wrong = {
      ...version,
      authorization: 'Bearer wrong',
      'x-api-key': 'wrong',
      'x-goog-api-key': 'wrong',
    }
    expect((await mock.send(path, body, { headers: wrong })).status).toBe(401)
  })

  test('nobody is asked for a credential when none is required', async () => {
    await using mock = await startTestMock({ requireCredential: false })
    const { path, body } = voice.ask({ text: 'hi' })
    const headers = { 'anthropic-version': '2023-06-01' }
    expect((await mock.send(path, body, { headers })).status).toBe(200)
  })

  test.each([404, 429, 529])('status=%s gets the error of the provider', async (status) => {
    await using mock = await startTestMock()
    const at = 'Wed, 21 Oct 2026 07:28:00 GMT'
    const steering = new URLSearchParams({ status: String(status), 'retry-after': at })
    for (const stream of [false, true]) {
      const { path, body } = voice.ask({ text: 'hi', model: `m?${steering}`, stream })
      const response = await mock.send(path, body)
      expect(response.status).toBe(status)
      expect(response.headers.get('retry-after')).toBe(at)
      expect(await response.json()).toMatchObject(KINDS[voice.name]!(status))
    }
  })

  test('a body that is not JSON is refused', async () => {
    await using mock = await startTestMock()
    const response = await mock.send(voice.ask({ text: 'hi' }).path, '{"model":')
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('not valid JSON')
  })
})

test('a path that no provider has is not found, whoever asks', async () => {
  await using mock = await startTestMock()
  for (const path of ['/', '/v1/nothing', '/model/m/nothing', '/v1beta/models/m:nothing']) {
    const response = await mock.send(path, {}, { headers: {} })
    expect(response.status).toBe(404)
    const { error } = (await response.json()) as { error: object }
    expect(error).toMatchObject({ message: `Invalid URL (POST ${path})`, code: null })
  }
})

test('the requests are seen as they came, until reset', async () => {
  await using mock = await startTestMock()
  const path = `${PATH}?a=b`
  await (await mock.send(path, hi)).text()
  await (await mock.send(path, 'no JSON')).text()
  expect(mock.seen).toMatchObject([
    { method: 'POST', path, headers: CREDENTIALS, body: hi, aborted: false },
    { body: 'no JSON' },
  ])
  mock.reset()
  expect(mock.seen).toEqual([])
})

test('the last hundred requests are seen', async () => {
  await using mock = await startTestMock()
  const send = (input: string) => mock.send('/v1/embeddings', { model: 'm', input })
  for (let i = 0; i < 105; i += 1) await (await send(`${i}`)).text()
  expect(mock.seen).toHaveLength(100)
  expect(mock.seen[0]?.body).toEqual({ model: 'm', input: '5' })
})

test('a client that leaves within its own body has left', async () => {
  await using mock = await startTestMock()
  const socket = connect(mock.port, '127.0.0.1')
  socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{"model"`)
  await once(socket, 'connect')
  socket.end()
  await expect.poll(() => mock.seen.length, PATIENTLY).toBe(1)
  expect(mock.seen[0]).toMatchObject({ path: PATH, body: undefined, aborted: true })
})

test('questions that differ in one letter get ids that differ', async () => {
  await using mock = await startTestMock()
  const idOf = async (content: string) => {
    const response = await mock.send(PATH, { ...hi, messages: [{ role: 'user', content }] })
    return ((await response.json()) as { id: string }).id
  }
  expect(await idOf('a')).toBe(await idOf('a'))
  expect(await idOf('a')).not.toBe(await idOf('b'))
})

test('a fault of one model is none of another, nor of a request without its header', async () => {
  await using mock = await startTestMock()
  const headers = { ...CREDENTIALS, 'x-mock-status': '503', 'x-mock-times': '1' }
  const status = async (model: string, steered: boolean) =>
    (await mock.send(PATH, { ...hi, model }, steered ? { headers } : {})).status
  expect(await status('a', false)).toBe(200)
  expect(await status('a', true)).toBe(503)
  expect(await status('b', true)).toBe(503)
  expect(await status('a', true)).toBe(200)
  headers['x-mock-status'] = '500'
  expect(await status('a', true)).toBe(500)
})

test('close ends what hangs', async () => {
  const mock = await startTestMock()
  const hanging = mock.send(PATH, { ...hi, model: 'm?hang=head' })
  const ended = expect(hanging).rejects.toThrow()
  await expect.poll(() => mock.seen.length, PATIENTLY).toBe(1)
  await mock.close()
  await ended
})
