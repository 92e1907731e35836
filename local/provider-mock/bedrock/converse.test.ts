import { expect, test } from 'vitest'
import { at, parseFrames } from '../testing/events.ts'
import { CREDENTIALS, startTestMock } from '../testing/mock.ts'
import { eventStream } from './event-stream.ts'

const path = (verb: string, model = 'mock.model-v1%3A0') => `/model/${model}/${verb}`
const hi = { messages: [{ role: 'user', content: [{ text: 'hi' }] }] }

test('a response has the fields of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('converse'), hi)
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^req_/)
  expect(await response.json()).toEqual({
    metrics: { latencyMs: 1 },
    output: { message: { content: [{ text: 'You said: hi' }], role: 'assistant' } },
    stopReason: 'end_turn',
    usage: { inputTokens: 1, outputTokens: 3, totalTokens: 4 },
  })
})

test('a stream has the frames of the real one, checksums included', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('converse-stream'), hi)
  expect(response.headers.get('content-type')).toBe('application/vnd.amazon.eventstream')
  const events = parseFrames(Buffer.from(await response.arrayBuffer()))
  expect(events).toMatchObject([
    { name: 'messageStart', data: { role: 'assistant' } },
    { name: 'contentBlockDelta', data: { contentBlockIndex: 0, delta: { text: 'You' } } },
    { name: 'contentBlockDelta', data: { contentBlockIndex: 0, delta: { text: ' said:' } } },
    { name: 'contentBlockDelta', data: { contentBlockIndex: 0, delta: { text: ' hi' } } },
    { name: 'contentBlockStop', data: { contentBlockIndex: 0 } },
    { name: 'messageStop', data: { stopReason: 'end_turn' } },
    { name: 'metadata', data: { usage: { totalTokens: 4 } } },
  ])
  expect(events.every(({ data }) => typeof at(data, 'p') === 'string')).toBe(true)
})

test('a frame is byte for byte what AWS sends for the same event', () => {
  const text = '{"contentBlockIndex":0,"p":"ab"}'
  const [frame] = eventStream.encode([{ name: 'contentBlockStop', text }])
  // Lengths and checksums of a frame that was recorded.
  expect(frame!.toString('hex', 0, 12)).toBe('0000008600000056d98c6e9a')
  expect(frame!.toString('hex', frame!.length - 4)).toBe('f3388a20')
})

test('a call is streamed in pieces after its start', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(path('converse-stream'), {
    messages: [{ role: 'user', content: [{ text: 'call weather {"city":"Oslo"}' }] }],
    toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: {} } } }] },
  })
  const events = parseFrames(Buffer.from(await response.arrayBuffer()))
  expect(events.slice(1, 4)).toMatchObject([
    {
      name: 'contentBlockStart',
      data: { start: { toolUse: { name: 'weather', toolUseId: expect.any(String) } } },
    },
    { data: { delta: { toolUse: { input: '{"city":' } } } },
    { data: { delta: { toolUse: { input: '"Oslo"}' } } } },
  ])
})

test('what a tool gave is answered in words', async () => {
  await using mock = await startTestMock()
  const toolUse = { toolUseId: 't', name: 'weather', input: {} }
  const toolResult = { toolUseId: 't', content: [{ json: { sky: 'clear' } }] }
  const response = await mock.send(path('converse'), {
    messages: [
      { role: 'user', content: [{ text: 'call weather {}' }] },
      { role: 'assistant', content: [{ toolUse }] },
      { role: 'user', content: [{ toolResult }] },
    ],
    toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: {} } } }] },
  })
  expect(await response.json()).toMatchObject({
    output: { message: { content: [{ text: 'The tool said: {"sky":"clear"}' }] } },
  })
})

test('the type of an error is in a header', async () => {
  await using mock = await startTestMock()
  for (const [status, type, key] of [
    [400, 'ValidationException', 'message'],
    [403, 'AccessDeniedException', 'Message'],
    [429, 'ThrottlingException', 'message'],
    [503, 'ServiceUnavailableException', 'message'],
  ] as const) {
    const response = await mock.send(path('converse', `m%3Fstatus=${status}`), hi)
    expect(response.status).toBe(status)
    expect(response.headers.get('x-amzn-errortype')).toMatch(new RegExp(`^${type}:http`))
    expect(await response.json()).toEqual({ [key]: expect.any(String) })
  }
})

const user = hi.messages[0]

test.each([
  [{ messages: [{ role: 'assistant', content: [{ text: 'hi' }] }] }, 'alternate'],
  [{ messages: [user, user] }, 'alternate'],
  [{ messages: [{ role: 'user', content: 'hi' }] }, 'messages.0.content'],
  [{ messages: [{ role: 'user', content: [{ text: ' ' }] }] }, 'blank'],
])('%j is refused', async (body, reason) => {
  await using mock = await startTestMock()
  const response = await mock.send(path('converse'), body)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ message: expect.stringContaining(reason) })
})

test.each([
  ['Bearer key', 200],
  ['AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/bedrock/aws4_request, Signature=0', 200],
  ['AWS4-HMAC-SHA256 Credential=wrong/20260101/us-east-1/bedrock/aws4_request', 401],
  ['Bearer wrong', 401],
  ['Basic a2V5', 401],
])('%s gets %s', async (authorization, status) => {
  await using mock = await startTestMock()
  const headers = { ...CREDENTIALS, authorization }
  expect((await mock.send(path('converse'), hi, { headers })).status).toBe(status)
})
