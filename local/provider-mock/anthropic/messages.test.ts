import { expect, test } from 'vitest'
import { at, parseSse } from '../testing/events.ts'
import { CREDENTIALS, startTestMock } from '../testing/mock.ts'

const PATH = '/v1/messages'
const hi = { model: 'claude-mock', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }
const CACHE = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }

test('a message has the fields of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, hi)
  expect(response.headers.get('request-id')).toMatch(/^req_/)
  expect(await response.json()).toEqual({
    id: expect.stringMatching(/^msg_/),
    type: 'message',
    role: 'assistant',
    model: 'claude-mock',
    content: [{ type: 'text', text: 'You said: hi' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, ...CACHE, output_tokens: 3, service_tier: 'standard' },
  })
})

test('a stream has the typed events of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, { ...hi, stream: true })
  const events = parseSse(await response.text())
  expect(events.every(({ name, data }) => name === at(data, 'type'))).toBe(true)
  expect(events.map(({ data }) => data)).toMatchObject([
    {
      type: 'message_start',
      message: {
        content: [],
        stop_reason: null,
        usage: { input_tokens: 1, ...CACHE, output_tokens: 1 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'You' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' said:' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' hi' } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: 3 },
    },
    { type: 'message_stop' },
  ])
})

test('a call begins with an empty input and an empty piece of JSON', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, {
    ...hi,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'call weather {"c":"Oslo"}' }] }],
    tools: [{ name: 'weather', input_schema: { type: 'object' } }],
    stream: true,
  })
  const data = parseSse(await response.text()).map((event) => event.data)
  expect(at(data, '1.content_block')).toEqual({
    type: 'tool_use',
    id: expect.stringMatching(/^toolu_/),
    name: 'weather',
    input: {},
  })
  const deltas = data.filter((each) => at(each, 'type') === 'content_block_delta')
  expect(deltas.map((each) => at(each, 'delta'))).toEqual([
    { type: 'input_json_delta', partial_json: '' },
    { type: 'input_json_delta', partial_json: '{"c":"Os' },
    { type: 'input_json_delta', partial_json: 'lo"}' },
  ])
})

test('what a tool gave is answered in words', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, {
    ...hi,
    messages: [
      { role: 'user', content: 'call weather {}' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'weather', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'sunny' }] },
    ],
    tools: [{ name: 'weather', input_schema: { type: 'object' } }],
  })
  expect(await response.json()).toMatchObject({ content: [{ text: 'The tool said: sunny' }] })
})

test('what the user says beside the result of a tool is what is answered, and both are counted', async () => {
  await using mock = await startTestMock()
  const content = [
    { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'sunny and warm' }] },
    { type: 'text', text: 'so?' },
  ]
  const response = await mock.send(PATH, { ...hi, messages: [{ role: 'user', content }] })
  expect(await response.json()).toMatchObject({
    content: [{ text: 'You said: so?' }],
    usage: { input_tokens: 5 },
  })
})

test('tokens can be counted without an answer', async () => {
  await using mock = await startTestMock()
  const { max_tokens: _, ...body } = { ...hi, system: 'be brief' }
  const response = await mock.send('/v1/messages/count_tokens', body)
  expect(await response.json()).toEqual({ input_tokens: 3 })
})

test('a request without a version is refused, after one without a key', async () => {
  await using mock = await startTestMock()
  const { 'anthropic-version': _, ...headers } = CREDENTIALS
  const response = await mock.send(PATH, hi, { headers })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    type: 'error',
    error: { type: 'invalid_request_error', message: 'anthropic-version: header is required' },
    request_id: response.headers.get('request-id'),
  })
  expect((await mock.send(PATH, hi, { headers: {} })).status).toBe(401)
})

test.each([
  [{ ...hi, max_tokens: undefined }, 'max_tokens: Field required'],
  [{ ...hi, messages: [{ role: 'tool', content: 'hi' }] }, 'messages.0.role'],
  [{ ...hi, messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] }, 'messages.0'],
  [{ ...hi, messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages.0'],
])('%j is refused', async (body, reason) => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, body)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { type: 'invalid_request_error', message: expect.stringContaining(reason) },
  })
})
