import OpenAI from 'openai'
import { zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AiGateway } from '#test/fixtures/ai-gateway.ts'
import {
  PROVIDERS,
  providerModel,
  startAllProviders,
  toClientOptions,
} from '#test/fixtures/providers.ts'

// What OpenAI's own client makes of responses of the gateway, whoever the provider is.

let ai: AiGateway
let client: OpenAI

beforeEach(async () => {
  ai = await startAllProviders()
  // Of a provider that speaks the Responses API itself.
  ai.serve({ ...providerModel('OpenAI', ai.mock.port), name: 'responses', hasResponses: true })
  client = new OpenAI(toClientOptions(ai, '/v1'))
})
afterEach(() => ai[Symbol.asyncDispose]())

const openGate = zodResponsesFunction({
  name: 'open_gate',
  parameters: z.object({ meters: z.number() }),
})

const gates = z.object({
  level: z.number().min(0).max(10),
  state: z.enum(['open', 'closed']),
  note: z.string().nullable(),
  gates: z.array(z.object({ name: z.string() })),
})

type Response = OpenAI.Responses.Response

const callOf = ({ output }: Pick<Response, 'output'>) => {
  const [call, ...others] = output.filter((item) => item.type === 'function_call')
  expect(others).toEqual([])
  expect(call).toBeDefined()
  return call!
}

const told = (): string => JSON.stringify(ai.mock.seen.at(-1)?.body)

describe.each([...PROVIDERS, 'Responses'])('%s', (provider) => {
  const model = provider.toLowerCase()
  const ask = { model, input: 'grüße 🚀' }
  const toolRequest = { model, input: 'call open_gate {"meters": 2}', tools: [openGate] }

  test('a response', async () => {
    const response = await client.responses.create(ask)
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: 'You said: grüße 🚀',
      error: null,
    })
    expect(response.usage?.total_tokens).toBeGreaterThan(0)
    expect(response._request_id).toMatch(/\w/)
  })

  test('a stream, event by event', async () => {
    const events: OpenAI.Responses.ResponseStreamEvent[] = []
    for await (const event of await client.responses.create({ ...ask, stream: true })) {
      events.push(event)
    }
    expect(events.map(({ sequence_number: number }) => number)).toEqual([...events.keys()])
    const types = events.map(({ type }) => type)
    expect(types.filter((type, i) => type !== types[i - 1])).toEqual([
      ...['response.created', 'response.in_progress', 'response.output_item.added'],
      ...['response.content_part.added', 'response.output_text.delta', 'response.output_text.done'],
      ...['response.content_part.done', 'response.output_item.done', 'response.completed'],
    ])
  })

  test('a stream makes the same response', async () => {
    const whole = await client.responses.create(ask)
    const made = client.responses.stream(ask)
    const pieces: string[] = []
    made.on('response.output_text.delta', ({ delta }) => pieces.push(delta))
    const streamed = await made.finalResponse()
    expect(pieces.join('')).toBe('You said: grüße 🚀')
    expect(pieces.length).toBeGreaterThan(1)
    const { output_text, status, usage, output } = streamed
    expect({ output_text, status }).toEqual({
      output_text: whole.output_text,
      status: whole.status,
    })
    expect(usage?.output_tokens).toBe(whole.usage?.output_tokens)
    expect(output.map(({ type }) => type)).toEqual(whole.output.map(({ type }) => type))
  })

  test('an answer that is cut by its limit', async () => {
    // The least that OpenAI takes.
    const input = 'many words that do not fit into what is asked for, and some more, and so on'
    const short = { model, input, max_output_tokens: 16 }
    const expected = {
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    }
    expect(await client.responses.create(short)).toMatchObject(expected)
    expect(await client.responses.stream(short).finalResponse()).toMatchObject(expected)
  })

  test('instructions, and an image', async () => {
    const data = 'iVBORw0KGgo='
    const { output_text: said } = await client.responses.create({
      model,
      instructions: 'Be brief.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'look' },
            { type: 'input_image', image_url: `data:image/png;base64,${data}`, detail: 'auto' },
          ],
        },
      ],
    })
    expect(said).toBe('You said: look')
    expect(told()).toMatch(/Be brief\..*iVBORw0KGgo=|iVBORw0KGgo=.*Be brief\./s)
  })

  test('a tool call, as a whole and in pieces', async () => {
    const whole = await client.responses.parse(toolRequest)
    expect(callOf(whole)).toMatchObject({
      name: 'open_gate',
      parsed_arguments: { meters: 2 },
      call_id: expect.stringMatching(/\w/),
      status: 'completed',
    })
    const made = client.responses.stream(toolRequest)
    let json = ''
    made.on('response.function_call_arguments.delta', ({ delta }) => {
      json += delta
    })
    const streamed = await made.finalResponse()
    expect(callOf(streamed)).toMatchObject({ parsed_arguments: { meters: 2 } })
    expect(JSON.parse(json)).toEqual({ meters: 2 })
  })

  test.each([false, true])(
    'a second turn with what the tool gave, streamed: %s',
    async (isStream) => {
      const first = isStream
        ? await client.responses.stream(toolRequest).finalResponse()
        : await client.responses.create(toolRequest)
      const input: OpenAI.Responses.ResponseInput = [
        { role: 'user', content: toolRequest.input },
        ...first.output.map((item) => ({ ...item }) as OpenAI.Responses.ResponseInputItem),
        { type: 'function_call_output', call_id: callOf(first).call_id, output: 'opened' },
      ]
      const second = await client.responses.create({ ...toolRequest, input })
      expect(second.output_text).toMatch(/^The tool said: .*opened/)
    },
  )

  test('an answer that fits a schema, as a whole and in pieces', async () => {
    const structured = {
      model,
      input: 'how high?',
      text: { format: zodTextFormat(gates, 'gates') },
    }
    const expected = { level: 1, state: 'open', gates: [{ name: 'text' }] }
    const whole = await client.responses.parse(structured)
    expect(whole.output_parsed).toMatchObject(expected)
    const streamed = await client.responses.stream(structured).finalResponse()
    expect(streamed.output_parsed).toEqual(whole.output_parsed)
  })
})
