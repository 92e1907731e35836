import { expect, test } from 'vitest'
import { CREATED } from '../dialect.ts'
import { at, parseSse } from '../testing/events.ts'
import { startTestMock } from '../testing/mock.ts'

const PATH = '/v1/chat/completions'
const hi = { model: 'gpt-mock', messages: [{ role: 'user', content: 'hi' }] }

test('a completion has the fields of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, hi)
  expect(response.headers.get('x-request-id')).toMatch(/^req_/)
  expect(await response.json()).toEqual({
    id: expect.stringMatching(/^chatcmpl-/),
    object: 'chat.completion',
    created: CREATED,
    model: 'gpt-mock',
    service_tier: 'default',
    system_fingerprint: 'fp_mock',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'You said: hi', refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: {
      prompt_tokens: 1,
      completion_tokens: 3,
      total_tokens: 4,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
  })
})

test('a stream begins with the role, ends with [DONE] and tells no usage unasked', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, { ...hi, stream: true })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events = parseSse(await response.text()).map(({ data }) => data)
  const choices = events.slice(0, -1).map((event) => at(event, 'choices.0'))
  expect(choices.map((choice) => [at(choice, 'delta'), at(choice, 'finish_reason')])).toEqual([
    [{ role: 'assistant', content: '', refusal: null }, null],
    [{ content: 'You' }, null],
    [{ content: ' said:' }, null],
    [{ content: ' hi' }, null],
    [{}, 'stop'],
  ])
  expect(events.at(-1)).toBe('[DONE]')
  for (const event of events) expect(event).not.toHaveProperty('usage')
})

test('usage that is asked for comes in a last chunk without choices, and is null before', async () => {
  await using mock = await startTestMock()
  const stream_options = { include_usage: true }
  const response = await mock.send(PATH, { ...hi, stream: true, stream_options })
  const chunks = parseSse(await response.text())
    .slice(0, -1)
    .map(({ data }) => data)
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 4 } })
  expect(chunks.slice(0, -1).every((chunk) => at(chunk, 'usage') === null)).toBe(true)
})

test('a call is streamed in pieces, the name first', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, {
    model: 'gpt-mock',
    messages: [{ role: 'user', content: 'call weather {"city":"Oslo"}' }],
    tools: [{ type: 'function', function: { name: 'weather', parameters: {} } }],
    stream: true,
  })
  const deltas = parseSse(await response.text())
    .slice(0, -1)
    .map(({ data }) => at(data, 'choices.0.delta'))
  const calls = deltas.flatMap((delta) => at(delta, 'tool_calls.0') ?? [])
  expect(deltas[0]).toMatchObject({ role: 'assistant', content: null })
  expect(calls[0]).toEqual({
    index: 0,
    id: expect.stringMatching(/^call_/),
    type: 'function',
    function: { name: 'weather', arguments: '' },
  })
  expect(calls.slice(1)).toEqual([
    { index: 0, function: { arguments: '{"city":' } },
    { index: 0, function: { arguments: '"Oslo"}' } },
  ])
})

test('what a tool gave is answered in words, so that a loop of calls ends', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, {
    model: 'gpt-mock',
    messages: [
      { role: 'user', content: 'call weather {}' },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ],
    tools: [{ type: 'function', function: { name: 'weather' } }],
  })
  const { choices } = (await response.json()) as { choices: unknown[] }
  expect(choices).toMatchObject([{ message: { content: 'The tool said: sunny' } }])
})

test.each([
  [{ ...hi, model: undefined }, 'model'],
  [{ ...hi, messages: [] }, 'messages'],
  [{ ...hi, messages: [{ role: 'human', content: 'hi' }] }, 'messages.0.role'],
  [{ ...hi, messages: [{ role: 'user', content: [{ type: 'image' }] }] }, 'messages.0.content'],
  [{ ...hi, max_tokens: 0 }, 'max_tokens'],
])('%j is refused because of %s', async (body, param) => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, body)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: {
      message: expect.stringContaining(param),
      type: 'invalid_request_error',
      param,
      code: null,
    },
  })
})
