import { expect, test } from 'vitest'
import { at, parseSse } from '../testing/events.ts'
import { startTestMock } from '../testing/mock.ts'

const hi = { model: 'command-mock', messages: [{ role: 'user', content: 'hi' }] }
const TOKENS = { input_tokens: 1, output_tokens: 3 }

test('a response has the fields of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send('/v2/chat', hi)
  expect(await response.json()).toEqual({
    id: expect.any(String),
    message: { role: 'assistant', content: [{ type: 'text', text: 'You said: hi' }] },
    finish_reason: 'COMPLETE',
    usage: { billed_units: TOKENS, tokens: TOKENS },
  })
})

test('a stream has the typed events of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send('/v2/chat', { ...hi, stream: true })
  const events = parseSse(await response.text())
  expect(events.map(({ name }) => name)).toEqual([
    'message-start',
    'content-start',
    'content-delta',
    'content-delta',
    'content-delta',
    'content-end',
    'message-end',
    undefined,
  ])
  expect(events.slice(0, -1).every(({ name, data }) => name === at(data, 'type'))).toBe(true)
  expect(events[2]?.data).toMatchObject({
    index: 0,
    delta: { message: { content: { text: 'You' } } },
  })
  expect(at(events, '6.data.delta')).toMatchObject({
    finish_reason: 'COMPLETE',
    usage: { tokens: TOKENS },
  })
  expect(events[7]?.data).toBe('[DONE]')
})

test('a call comes after a plan', async () => {
  await using mock = await startTestMock()
  const response = await mock.send('/v2/chat', {
    ...hi,
    messages: [{ role: 'user', content: 'call weather {"city":"Oslo"}' }],
    tools: [{ type: 'function', function: { name: 'weather', parameters: {} } }],
    stream: true,
  })
  const events = parseSse(await response.text())
  expect(events.map(({ name }) => name)).toEqual([
    'message-start',
    'tool-plan-delta',
    'tool-call-start',
    'tool-call-delta',
    'tool-call-delta',
    'tool-call-end',
    'message-end',
    undefined,
  ])
  expect(at(events, '2.data.delta.message.tool_calls')).toEqual({
    id: expect.stringMatching(/^weather_/),
    type: 'function',
    function: { name: 'weather', arguments: '' },
  })
})

test('what a tool gave is answered in words', async () => {
  await using mock = await startTestMock()
  const response = await mock.send('/v2/chat', {
    ...hi,
    messages: [
      { role: 'user', content: 'call weather {}' },
      { role: 'assistant', tool_calls: [] },
      { role: 'tool', tool_call_id: 't', content: [{ type: 'text', text: 'sunny' }] },
    ],
    tools: [{ type: 'function', function: { name: 'weather' } }],
  })
  expect(await response.json()).toMatchObject({
    message: { content: [{ text: 'The tool said: sunny' }] },
  })
})

test('texts are embedded in each of the types asked for', async () => {
  await using mock = await startTestMock()
  const response = await mock.send('/v2/embed', {
    model: 'embed-mock',
    input_type: 'search_query',
    texts: ['hi', 'you'],
    embedding_types: ['float', 'base64'],
    output_dimension: 2,
  })
  const pair = [expect.any(Number), expect.any(Number)]
  expect(await response.json()).toEqual({
    id: expect.any(String),
    texts: ['hi', 'you'],
    embeddings: { float: [pair, pair], base64: [expect.any(String), expect.any(String)] },
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: 2 } },
    response_type: 'embeddings_by_type',
  })
})
