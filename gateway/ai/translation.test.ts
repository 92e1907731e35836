import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, providerModel, startAllProviders } from '#test/fixtures/providers.ts'

// Every dialect of a caller with every dialect of a provider, through the gateway.

let ai: AiGateway

beforeEach(async () => {
  ai = await startAllProviders()
})
afterEach(() => ai[Symbol.asyncDispose]())

const schema = { type: 'object', properties: { level: { type: 'number' } }, required: ['level'] }
const parameters = { type: 'object', properties: { meters: { type: 'number' } } }

interface Said {
  readonly text?: string
  readonly tool?: { readonly name: string; readonly input: unknown }
}

/** How one dialect asks, and where its answers say what. */
interface Voice {
  readonly path: string
  ask(content: string, more: { stream?: boolean; tools?: boolean; schema?: boolean }): object
  read(body: Record<string, never>): Said
  readEvents(events: Record<string, never>[]): string
  readError(body: Record<string, never>): string
}

const at = (value: unknown, ...path: (string | number)[]): never =>
  path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key],
    value,
  ) as never

const openai: Voice = {
  path: '/v1/chat/completions',
  ask: (content, { stream, tools, schema: isSchema }) => ({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content },
    ],
    ...(stream && { stream: true }),
    ...(tools && { tools: [{ type: 'function', function: { name: 'open_gate', parameters } }] }),
    ...(isSchema && {
      response_format: { type: 'json_schema', json_schema: { name: 'level', schema } },
    }),
  }),
  read(body) {
    const message = at(body, 'choices', 0, 'message')
    const call = at(message, 'tool_calls', 0, 'function')
    if (call === undefined) return { text: at(message, 'content') }
    return { tool: { name: at(call, 'name'), input: JSON.parse(at(call, 'arguments')) } }
  },
  readEvents: (events) =>
    events.map((event) => at(event, 'choices', 0, 'delta', 'content') ?? '').join(''),
  readError: (body) => at(body, 'error', 'message'),
}

const responses: Voice = {
  path: '/v1/responses',
  ask: (content, { stream, tools, schema: isSchema }) => ({
    instructions: 'Be brief.',
    input: content,
    ...(stream && { stream: true }),
    ...(tools && { tools: [{ type: 'function', name: 'open_gate', parameters }] }),
    ...(isSchema && { text: { format: { type: 'json_schema', name: 'level', schema } } }),
  }),
  read(body) {
    // Some think aloud before.
    const item = at(body, 'output', 'length') === 1 ? at(body, 'output', 0) : at(body, 'output', 1)
    if (at(item, 'type') === 'message') return { text: at(item, 'content', 0, 'text') }
    return { tool: { name: at(item, 'name'), input: JSON.parse(at(item, 'arguments')) } }
  },
  readEvents: (events) =>
    events
      .filter((event) => at(event, 'type') === 'response.output_text.delta')
      .map((event) => at(event, 'delta'))
      .join(''),
  readError: (body) => at(body, 'error', 'message'),
}

const anthropic: Voice = {
  path: '/v1/messages',
  ask: (content, { stream, tools, schema: isSchema }) => ({
    max_tokens: 1000,
    system: 'Be brief.',
    messages: [{ role: 'user', content }],
    ...(stream && { stream: true }),
    ...(tools && { tools: [{ name: 'open_gate', input_schema: parameters }] }),
    ...(isSchema && { output_config: { format: { type: 'json_schema', schema } } }),
  }),
  read(body) {
    const block =
      at(body, 'content', 'length') === 1 ? at(body, 'content', 0) : at(body, 'content', 1)
    if (at(block, 'type') === 'text') return { text: at(block, 'text') }
    return { tool: { name: at(block, 'name'), input: at(block, 'input') } }
  },
  readEvents: (events) => events.map((event) => at(event, 'delta', 'text') ?? '').join(''),
  readError: (body) => at(body, 'error', 'message'),
}

const VOICES = { openai, responses, anthropic }

const toEvents = (text: string) =>
  Array.from(text.matchAll(/^data: (.*)$/gm), ([, data = '']) => data)
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data))

const pairs = Object.keys(VOICES).flatMap((caller) =>
  PROVIDERS.map((provider) => [caller as keyof typeof VOICES, provider] as const),
)

describe.each(pairs)('%s to %s', (caller, provider) => {
  const voice = VOICES[caller]
  const call = async (content: string, more = {}) => {
    const body = { model: provider.toLowerCase(), ...voice.ask(content, more) }
    return ai.call(voice.path, { body })
  }

  test('an answer', async () => {
    const { status, text } = await call('grüße 🚀')
    expect([status, text]).toEqual([200, expect.any(String)])
    expect(voice.read(JSON.parse(text)).text).toBe('You said: grüße 🚀')
  })

  test('a stream, with the same words and its usage counted', async () => {
    const { status, headers, text } = await call('grüße 🚀', { stream: true })
    expect([status, headers['content-type']]).toEqual([
      200,
      expect.stringMatching(/^text\/event-stream/),
    ])
    expect(voice.readEvents(toEvents(text))).toBe('You said: grüße 🚀')
    const { stats } = ai.gateway.models.get(`AIModelConfig/default/${provider.toLowerCase()}`)!
    expect(stats.calls.ok).toBe(1)
    expect(stats.outputTokens).toBeGreaterThan(0)
  })

  test('a call of a tool', async () => {
    const { text } = await call('call open_gate {"meters": 2}', { tools: true })
    expect(voice.read(JSON.parse(text)).tool).toEqual({ name: 'open_gate', input: { meters: 2 } })
  })

  test('an answer that fits a schema', async () => {
    const { text } = await call('how high?', { schema: true })
    expect(JSON.parse(voice.read(JSON.parse(text)).text ?? '')).toEqual({
      level: expect.any(Number),
    })
  })

  test('a failure of the provider, in the dialect of the caller', async () => {
    ai.serve({ ...providerModel(provider, ai.mock.port, 'status=500'), generation: 2 })
    const { status, text } = await call('hello')
    expect(status).toBe(502)
    expect(voice.readError(JSON.parse(text))).toBe('The provider of this model failed.')
  })

  test('a refusal of the provider, with its own words', async () => {
    ai.serve({ ...providerModel(provider, ai.mock.port, 'status=400'), generation: 2 })
    const { status, text } = await call('hello')
    expect(status).toBe(400)
    expect(voice.readError(JSON.parse(text))).toMatch(/\w/)
  })

  test('a stream that is cut ends with an error', async () => {
    ai.serve({ ...providerModel(provider, ai.mock.port, 'cut=2'), generation: 2 })
    const { status, text } = await call('a few words to say here', { stream: true })
    expect(status).toBe(200)
    expect(text).toMatch(/"error"/)
    expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/)
  })

  test('an error within a stream is one for the caller', async () => {
    ai.serve({ ...providerModel(provider, ai.mock.port, 'pace=10&error-event=3'), generation: 2 })
    const { text } = await call('a few words to say here', { stream: true })
    expect(text.match(/^data: .*"error":\s?\{/gm)).toHaveLength(1)
    expect(text).not.toMatch(/\[DONE\]|message_stop|response\.completed/)
  })
})
