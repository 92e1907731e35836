import { expect, test } from 'vitest'
import { at, parseSse } from '../testing/events.ts'
import { startTestMock } from '../testing/mock.ts'

const PATH = '/v1/responses'
const MESSAGE_TYPES = [
  'response.created',
  'response.in_progress',
  'response.output_item.added',
  'response.content_part.added',
  'response.output_text.delta',
  'response.output_text.delta',
  'response.output_text.delta',
  'response.output_text.done',
  'response.content_part.done',
  'response.output_item.done',
  'response.completed',
]

const stream = async (body: object) => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, { model: 'gpt-mock', stream: true, ...body })
  return parseSse(await response.text())
}

test('a response has the fields of the real one', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, { model: 'gpt-mock', input: 'hi', temperature: 0.5 })
  expect(await response.json()).toMatchObject({
    id: expect.stringMatching(/^resp_/),
    object: 'response',
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'gpt-mock',
    output: [
      {
        id: expect.stringMatching(/^msg_/),
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'You said: hi', annotations: [], logprobs: [] }],
      },
    ],
    temperature: 0.5,
    tools: [],
    usage: { input_tokens: 1, output_tokens: 3, total_tokens: 4 },
  })
})

test('events come in the order of the real ones, numbered, with their type inside too', async () => {
  const events = await stream({ input: 'hi' })
  expect(events.map(({ name }) => name)).toEqual(MESSAGE_TYPES)
  expect(events.map(({ data }) => at(data, 'type'))).toEqual(MESSAGE_TYPES)
  expect(events.map(({ data }) => at(data, 'sequence_number'))).toEqual(
    MESSAGE_TYPES.map((_, i) => i),
  )
  expect(at(events, '0.data.response')).toMatchObject({
    status: 'in_progress',
    output: [],
    usage: null,
  })
  expect(at(events.at(-1), 'data.response')).toMatchObject({ usage: { total_tokens: 4 } })
})

test('a call streams its arguments and is told whole at the end', async () => {
  const events = await stream({
    input: 'call weather {"city":"Oslo"}',
    tools: [{ type: 'function', name: 'weather', parameters: {} }],
  })
  expect(events.slice(2, -1).map(({ name }) => name)).toEqual([
    'response.output_item.added',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.delta',
    'response.function_call_arguments.done',
    'response.output_item.done',
  ])
  const item = { type: 'function_call', name: 'weather', call_id: expect.any(String) }
  expect(at(events, '2.data.item')).toMatchObject({ ...item, arguments: '', status: 'in_progress' })
  const done = { ...item, arguments: '{"city":"Oslo"}', status: 'completed' }
  expect(at(events.at(-2), 'data.item')).toMatchObject(done)
  expect(at(events.at(-1), 'data.response.output')).toMatchObject([done])
})

test('a response that is cut off is incomplete', async () => {
  const events = await stream({ input: 'good morning', max_output_tokens: 2 })
  expect(events.at(-1)).toMatchObject({
    name: 'response.incomplete',
    data: {
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    },
  })
})

test('the output of a tool is answered in words', async () => {
  await using mock = await startTestMock()
  const response = await mock.send(PATH, {
    model: 'gpt-mock',
    instructions: 'be brief',
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'call weather {}' }] },
      { type: 'function_call', call_id: 'c', name: 'weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'sunny' },
    ],
    tools: [{ type: 'function', name: 'weather' }],
  })
  expect(await response.json()).toMatchObject({
    output: [{ content: [{ text: 'The tool said: sunny' }] }],
    usage: { input_tokens: 7 },
  })
})
