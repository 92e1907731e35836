import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, startAllProviders, toClientOptions } from '#test/fixtures/providers.ts'

// What OpenAI's own client makes of chats with the gateway, whoever the provider is.

let ai: AiGateway
let client: OpenAI

beforeEach(async () => {
  ai = await startAllProviders()
  client = new OpenAI(toClientOptions(ai, '/v1'))
})
afterEach(() => ai[Symbol.asyncDispose]())

const parameters = { type: 'object', properties: { meters: { type: 'number' } } }
const tools: OpenAI.ChatCompletionFunctionTool[] = [
  { type: 'function', function: { name: 'open_gate', parameters } },
]

const gates = z.object({
  level: z.number().min(0).max(10),
  state: z.enum(['open', 'closed']),
  note: z.string().nullable(),
  gates: z.array(z.object({ name: z.string() })),
})

/** What the provider was told last, as JSON. */
const told = (): string => JSON.stringify(ai.mock.seen.at(-1)?.body)

describe.each(PROVIDERS)('%s', (provider) => {
  const ask = (content: OpenAI.ChatCompletionUserMessageParam['content']) => ({
    model: provider.toLowerCase(),
    messages: [{ role: 'user' as const, content }] as OpenAI.ChatCompletionMessageParam[],
  })
  const toolRequest = { ...ask('call open_gate {"meters": 2}'), tools }
  const called = { name: 'open_gate', arguments: expect.stringMatching(/^\{"meters": ?2\}$/) }

  test('a chat', async () => {
    const answer = await client.chat.completions.create(ask('grüße 🚀'))
    const { choices, usage, object, _request_id: id } = answer
    expect(object).toBe('chat.completion')
    expect(choices).toMatchObject([
      { message: { role: 'assistant', content: 'You said: grüße 🚀' }, finish_reason: 'stop' },
    ])
    expect(usage?.total_tokens).toBeGreaterThan(0)
    expect(id).toMatch(/\w/)
  })

  test('a stream', async () => {
    const stream = await client.chat.completions.create({
      ...ask('grüße 🚀'),
      stream: true,
      stream_options: { include_usage: true },
    })
    const pieces: string[] = []
    let tokens = 0
    for await (const { choices, usage } of stream) {
      pieces.push(choices[0]?.delta.content ?? '')
      tokens = usage?.total_tokens ?? tokens
    }
    expect(pieces.join('')).toBe('You said: grüße 🚀')
    expect(pieces.filter(Boolean).length).toBeGreaterThan(1)
    expect(tokens).toBeGreaterThan(0)
  })

  test('a stream makes the same message', async () => {
    const whole = await client.chat.completions.create(ask('hello'))
    const streamed = await client.chat.completions.stream(ask('hello')).finalChatCompletion()
    const { content, role } = streamed.choices[0]!.message
    expect({ content, role }).toEqual({ content: 'You said: hello', role: 'assistant' })
    expect(streamed.choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason)
    expect(streamed.model).toBe(whole.model)
  })

  test('an answer that is cut by its limit', async () => {
    const short = { ...ask('a few words that do not fit'), max_completion_tokens: 3 }
    const whole = await client.chat.completions.create(short)
    expect(whole.choices).toMatchObject([{ finish_reason: 'length' }])
    const reasons: unknown[] = []
    for await (const { choices } of await client.chat.completions.create({
      ...short,
      stream: true,
    })) {
      reasons.push(choices[0]?.finish_reason)
    }
    expect(reasons.filter(Boolean)).toEqual(['length'])
  })

  test('instructions, whatever their role is called', async () => {
    const [question] = ask('hello').messages
    for (const role of ['system', 'developer'] as const) {
      const messages = [{ role, content: `Be brief, ${role}.` }, question!]
      await client.chat.completions.create({ ...ask('hello'), messages })
      expect(told()).toContain(`Be brief, ${role}.`)
    }
  })

  test('an image within a message', async () => {
    const data = 'A'.repeat(200_000)
    const { choices } = await client.chat.completions.create(
      ask([
        { type: 'text', text: 'look' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      ]),
    )
    expect(choices[0]?.message.content).toBe('You said: look')
    expect(told()).toContain(data)
  })

  test('a tool call, as a whole and in pieces', async () => {
    const whole = await client.chat.completions.create(toolRequest)
    const expected = [{ type: 'function', id: expect.stringMatching(/\w/), function: called }]
    expect(whole.choices[0]).toMatchObject({
      message: { tool_calls: expected },
      finish_reason: 'tool_calls',
    })
    const streamed = await client.chat.completions.stream(toolRequest).finalChatCompletion()
    expect(streamed.choices[0]).toMatchObject({
      message: { tool_calls: expected },
      finish_reason: 'tool_calls',
    })
  })

  test('a second turn with what the tool gave', async () => {
    const { choices } = await client.chat.completions.create(toolRequest)
    const message = choices[0]!.message
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      ...toolRequest.messages,
      message,
      { role: 'tool', tool_call_id: message.tool_calls![0]!.id, content: 'opened' },
    ]
    const second = await client.chat.completions.create({ ...toolRequest, messages })
    expect(second.choices[0]?.message.content).toMatch(/^The tool said: .*opened/)
  })

  test.each([false, true])('the loop of the client runs a tool, streamed: %s', async (stream) => {
    const meters: unknown[] = []
    const runnable = {
      type: 'function' as const,
      function: {
        name: 'open_gate',
        description: 'Opens the gate.',
        parameters,
        parse: JSON.parse,
        function: (input: { meters: number }) => {
          meters.push(input.meters)
          return 'opened'
        },
      },
    }
    const request = { ...ask('call open_gate {"meters": 2}'), tools: [runnable] }
    const runner = stream
      ? client.chat.completions.runTools({ ...request, stream })
      : client.chat.completions.runTools(request)
    expect(await runner.finalContent()).toMatch(/^The tool said: .*opened/)
    expect(meters).toEqual([2])
  })

  test.each<OpenAI.ChatCompletionToolChoiceOption>([
    'auto',
    'none',
    'required',
    { type: 'function', function: { name: 'open_gate' } },
  ])('a choice of tools: %j', async (tool_choice) => {
    const { choices } = await client.chat.completions.create({ ...toolRequest, tool_choice })
    expect(choices).toHaveLength(1)
  })

  test('an answer that fits a schema, as a whole and in pieces', async () => {
    const structured = { ...ask('how high?'), response_format: zodResponseFormat(gates, 'gates') }
    const expected = { level: 1, state: 'open', gates: [{ name: 'text' }] }
    const whole = await client.chat.completions.parse(structured)
    expect(whole.choices[0]?.message.parsed).toMatchObject(expected)
    const streamed = await client.chat.completions.stream(structured).finalChatCompletion()
    expect(streamed.choices[0]?.message.parsed).toEqual(whole.choices[0]?.message.parsed)
  })
})

test('the list of models', async () => {
  const ids: string[] = []
  for await (const { id } of client.models.list()) ids.push(id)
  const expected = [...PROVIDERS.map((name) => name.toLowerCase()), 'model']
  expect(ids.toSorted()).toEqual(expected.toSorted())
})
