import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AiProblem } from '../../ai-problem.ts'
import type { ChatEvent } from '../../chat/answer.ts'
import { responsesCaller } from './caller-dialect.ts'

/** What the official client makes of what is encoded. */
const META = { requestId: 'request-1', model: 'm', createdAt: 1_767_225_600 }

let server: Server
let client: OpenAI
let answer: { type: string; body: string; status?: number }

beforeEach(async () => {
  server = createServer((_req, res) => {
    res.writeHead(answer.status ?? 200, { 'content-type': answer.type })
    res.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const baseURL = `http://127.0.0.1:${port}/v1`
  client = new OpenAI({ apiKey: 'k', baseURL, maxRetries: 0, logLevel: 'off' })
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
})

const encode = (events: readonly ChatEvent[]): string => {
  const encoder = responsesCaller.createStreamEncoder(META, true)
  return events.map((event) => encoder.push(event)).join('')
}

const stream = (body: string) => {
  answer = { type: 'text/event-stream', body }
}

const EVENTS: readonly ChatEvent[] = [
  { type: 'start', id: 'x', model: 'm-2026' },
  { type: 'reasoning', text: 'Let me ' },
  { type: 'reasoning', text: 'think.' },
  { type: 'reasoningSignature', signature: 'c2ln' },
  { type: 'redactedReasoning', redacted: 'aGlk' },
  { type: 'text', text: 'grü' },
  { type: 'text', text: 'ße 🚀' },
  { type: 'toolCall', index: 0, id: 'call_1', name: 'open_gate' },
  { type: 'toolCall', index: 1, id: 'call_2', name: 'list_gates' },
  { type: 'toolArguments', index: 0, json: '{"meters":' },
  { type: 'toolArguments', index: 0, json: '2}' },
  { type: 'finish', finish: 'toolCalls' },
  { type: 'usage', usage: { inputTokens: 9, outputTokens: 7, reasoningTokens: 3 } },
  { type: 'end' },
]

const ask = { model: 'm', input: 'x' }

const types = (items: readonly { type: string }[]) => items.map(({ type }) => type)

test('a stream, event by event', async () => {
  stream(encode(EVENTS))
  const events: OpenAI.Responses.ResponseStreamEvent[] = []
  for await (const event of await client.responses.create({ ...ask, stream: true })) {
    events.push(event)
  }
  expect(events.map((event) => event.sequence_number)).toEqual([...events.keys()])
  expect(types(events).slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
  expect(types(events).at(-1)).toBe('response.completed')
  const texts = events.filter((event) => event.type === 'response.output_text.delta')
  expect(texts.map(({ delta }) => delta)).toEqual(['grü', 'ße 🚀'])
})

test('a stream that the client puts together as the last event does', async () => {
  stream(encode(EVENTS))
  const snapshots: string[] = []
  const made = client.responses.stream(ask)
  made.on('response.output_text.delta', ({ snapshot }) => snapshots.push(snapshot))
  const output: unknown[] = []
  made.on('response.output_item.done', ({ item, output_index: index }) => {
    output[index] = item
  })
  const response = await made.finalResponse()
  expect(snapshots).toEqual(['grü', 'grüße 🚀'])
  expect(response).toMatchObject({
    status: 'completed',
    model: 'm-2026',
    output_text: 'grüße 🚀',
    output,
    usage: { input_tokens: 9, output_tokens: 7, total_tokens: 16 },
  })
  expect(types(response.output)).toEqual([
    ...['reasoning', 'reasoning', 'message', 'function_call', 'function_call'],
  ])
})

test('a stream of which the last event is missing, put together from the others', async () => {
  stream(encode(EVENTS.slice(0, -2)))
  const response = await client.responses.stream(ask).finalResponse()
  expect(response).toMatchObject({
    status: 'in_progress',
    output: [
      { summary: [{ text: 'Let me think.' }], encrypted_content: 'c2ln' },
      { summary: [], encrypted_content: 'aGlk' },
      { content: [{ text: 'grüße 🚀' }] },
      { call_id: 'call_1', arguments: '{"meters":2}' },
      { call_id: 'call_2', arguments: '{}' },
    ],
  })
})

test('a stream with a refusal, and one that is cut', async () => {
  const refusal: ChatEvent[] = [
    { type: 'text', text: 'Well.' },
    { type: 'refusal', text: 'No.' },
  ]
  const usage = { inputTokens: 1, outputTokens: 1 }
  const cut: ChatEvent[] = [
    { type: 'finish', finish: 'length' },
    { type: 'usage', usage },
  ]
  stream(encode([...refusal, ...cut]))
  expect(await client.responses.stream(ask).finalResponse()).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [
      {
        status: 'incomplete',
        content: [
          { type: 'output_text', text: 'Well.' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
    ],
  })
})

test('an answer as a whole, with a schema', async () => {
  const parts = [{ type: 'text', text: '{"meters":2}' }] as const
  const body = responsesCaller.encodeAnswer({ parts, finish: 'stop' }, META)
  answer = { type: 'application/json', body: JSON.stringify(body) }
  const response = await client.responses.parse({
    ...ask,
    text: { format: { type: 'json_schema', name: 'level', schema: { type: 'object' } } },
  })
  expect(response).toMatchObject({ output_text: '{"meters":2}', status: 'completed' })
})

test('an error within a stream throws, with what is wrong', async () => {
  const problem = new AiProblem('provider_failed', 'The provider failed.')
  const body = encode(EVENTS.slice(0, 6)) + responsesCaller.encodeProblemEvent(problem)
  const expected = {
    message: 'The provider failed.',
    code: 'provider_failed',
    type: 'server_error',
  }
  stream(body)
  const read = async () => {
    for await (const _ of await client.responses.create({ ...ask, stream: true }));
  }
  await expect(read()).rejects.toMatchObject({ error: expected })
  await expect(client.responses.stream(ask).finalResponse()).rejects.toThrow('The provider failed.')
})

test('an error in place of an answer is of the client’s own type', async () => {
  const problem = new AiProblem('invalid_value', 'No.', { param: 'input[0].type' })
  answer = {
    type: 'application/json',
    body: responsesCaller.encodeProblem(problem),
    status: problem.status,
  }
  const call = client.responses.create(ask)
  await expect(call).rejects.toThrow(OpenAI.BadRequestError)
  await expect(call).rejects.toMatchObject({ code: 'invalid_value', param: 'input[0].type' })
})
