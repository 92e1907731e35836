import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AiGateway, KEY_OF_ALICE, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { until } from '#test/fixtures/until.ts'

let ai: AiGateway
let client: OpenAI

beforeEach(async () => {
  ai = await startAiGateway()
  client = new OpenAI({
    apiKey: KEY_OF_ALICE,
    baseURL: `http://127.0.0.1:${ai.gateway.port}/v1`,
    maxRetries: 0,
    logLevel: 'off',
  })
})
afterEach(() => ai[Symbol.asyncDispose]())

const ask = (content: string) => ({
  model: 'model',
  messages: [{ role: 'user' as const, content }],
})

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'open_gate',
      parameters: { type: 'object', properties: { meters: { type: 'number' } } },
    },
  },
]

test('a chat', async () => {
  const { choices, usage } = await client.chat.completions.create(ask('hello'))
  expect(choices[0]?.message.content).toBe('You said: hello')
  expect(usage?.total_tokens).toBeGreaterThan(0)
})

test('a stream', async () => {
  const stream = await client.chat.completions.create({
    ...ask('grüße'),
    stream: true,
    stream_options: { include_usage: true },
  })
  let content = ''
  let tokens = 0
  for await (const chunk of stream) {
    content += chunk.choices[0]?.delta.content ?? ''
    tokens = chunk.usage?.total_tokens ?? tokens
  }
  expect(content).toBe('You said: grüße')
  expect(tokens).toBeGreaterThan(0)
})

test('a tool call, as a whole and in pieces', async () => {
  const request = { ...ask('call open_gate {"meters": 2}'), tools }
  const expected = { name: 'open_gate', arguments: expect.stringMatching(/"meters": ?2/) }
  const whole = await client.chat.completions.create(request)
  expect(whole.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: expected })
  const streamed = await client.chat.completions.stream(request).finalChatCompletion()
  expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: expected })
})

test('an answer that fits a schema', async () => {
  const schema = {
    type: 'object',
    properties: { level: { type: 'number' } },
    required: ['level'],
  }
  const { choices } = await client.chat.completions.create({
    ...ask('how high?'),
    response_format: { type: 'json_schema', json_schema: { name: 'level', schema } },
  })
  expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ level: expect.any(Number) })
})

test('an image within a message', async () => {
  const url = `data:image/png;base64,${'A'.repeat(200_000)}`
  const { choices } = await client.chat.completions.create({
    model: 'model',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  })
  expect(choices[0]?.message.content).toContain('look')
})

test('embeddings', async () => {
  const { data } = await client.embeddings.create({ model: 'model', input: ['a', 'b'] })
  expect(data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
})

test('the list of models', async () => {
  const ids: string[] = []
  for await (const { id } of client.models.list()) ids.push(id)
  expect(ids).toEqual(['model'])
})

test('errors are of the client’s own types', async () => {
  const call = (options: object = {}, from = client) =>
    from.chat.completions.create({ ...ask('x'), ...options })
  await expect(call({}, client.withOptions({ apiKey: 'nobody' }))).rejects.toThrow(
    OpenAI.AuthenticationError,
  )
  await expect(call({ model: 'nothing' })).rejects.toThrow(OpenAI.NotFoundError)
  await expect(call({ messages: [] })).rejects.toThrow(OpenAI.BadRequestError)
  ai.serve({ generation: 2, model: 'gpt-mock?status=429' })
  await expect(call()).rejects.toThrow(OpenAI.RateLimitError)
  ai.serve({ generation: 3, model: 'gpt-mock?status=500' })
  await expect(call()).rejects.toThrow(OpenAI.InternalServerError)
})

test('a refusal names its code and field', async () => {
  await expect(client.chat.completions.create({ ...ask('x'), model: 'no' })).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
    param: 'model',
  })
})

test.each(['cut=2', 'error-event=2', 'malformed=true'])(
  'a stream that breaks throws: %s',
  async (fault) => {
    ai.serve({ generation: 2, model: `gpt-mock?tokens=20&pace=2&${fault}` })
    const stream = await client.chat.completions.create({ ...ask('x'), stream: true })
    const read = async () => {
      for await (const _ of stream);
    }
    await expect(read()).rejects.toThrow()
  },
)

test('a client that aborts is noticed', async () => {
  ai.serve({ generation: 2, model: 'gpt-mock?tokens=20&pace=1&hang=2' })
  const stream = await client.chat.completions.create({ ...ask('x'), stream: true })
  for await (const _ of stream) break
  stream.controller.abort()
  await until('the provider is left', () => ai.mock.seen[0]?.aborted)
})
