import Anthropic from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, startAllProviders, toClientOptions } from '#test/fixtures/providers.ts'

// What Anthropic's own client makes of the gateway, whoever the provider is.

let ai: AiGateway
let client: Anthropic

beforeEach(async () => {
  ai = await startAllProviders()
  client = new Anthropic(toClientOptions(ai))
})
afterEach(() => ai[Symbol.asyncDispose]())

const PNG = 'iVBORw0KGgo='

const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('')

/** What the provider was told last, as JSON. */
const told = (): string => JSON.stringify(ai.mock.seen.at(-1)?.body)

describe.each(PROVIDERS)('%s', (provider) => {
  const model = provider.toLowerCase()
  const ask = (content: Anthropic.MessageParam['content'] = 'grüße 🚀') => ({
    model,
    max_tokens: 1000,
    messages: [{ role: 'user' as const, content }] as Anthropic.MessageParam[],
  })

  test('a message', async () => {
    const message = await client.messages.create(ask())
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'You said: grüße 🚀' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
    })
    expect(message.id).toMatch(/\w/)
    expect(message.usage.input_tokens).toBeGreaterThan(0)
    expect(message.usage.output_tokens).toBeGreaterThan(0)
  })

  test('a message, asked for as tools of Anthropic do: with a query', async () => {
    const message = await client.messages.create(ask(), { query: { beta: 'true' } })
    expect(textOf(message)).toBe('You said: grüße 🚀')
  })

  test('a stream makes the same message', async () => {
    const whole = await client.messages.create(ask())
    const stream = client.messages.stream(ask())
    const pieces: string[] = []
    stream.on('text', (text) => pieces.push(text))
    const { content, stop_reason, usage } = await stream.finalMessage()
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.join('')).toBe('You said: grüße 🚀')
    expect({ content, stop_reason }).toEqual({
      content: whole.content,
      stop_reason: whole.stop_reason,
    })
    expect([usage.input_tokens, usage.output_tokens]).toEqual([
      whole.usage.input_tokens,
      whole.usage.output_tokens,
    ])
  })

  test('the events of a stream, in the order of the reference', async () => {
    const types: string[] = []
    for await (const { type } of await client.messages.create({ ...ask(), stream: true })) {
      if (types.at(-1) !== type) types.push(type)
    }
    expect(types).toEqual([
      ...['message_start', 'content_block_start', 'content_block_delta', 'content_block_stop'],
      ...['message_delta', 'message_stop'],
    ])
  })

  test('an answer that is cut by its limit', async () => {
    const short = { ...ask('a few words that do not fit'), max_tokens: 3 }
    expect(await client.messages.create(short)).toMatchObject({ stop_reason: 'max_tokens' })
    const streamed = await client.messages.stream(short).finalMessage()
    expect(streamed).toMatchObject({ stop_reason: 'max_tokens' })
    expect(textOf(streamed)).toBe('You said: a ')
  })

  test.each([
    ['a string', 'Be brief.'],
    ['blocks', [{ type: 'text' as const, text: 'Be brief.' }]],
  ])('instructions as %s', async (_form, system) => {
    await client.messages.create({ ...ask(), system })
    expect(told()).toContain('Be brief.')
  })

  test('an instruction in the middle of a conversation', async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'Well.' },
      { role: 'user', content: 'second' },
      { role: 'system', content: 'From now on, be brief.' },
    ]
    await client.messages.create({ ...ask(), messages })
    expect(told()).toContain('From now on, be brief.')
  })

  test('an image', async () => {
    const message = await client.messages.create(
      ask([
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
        { type: 'text', text: 'look' },
      ]),
    )
    expect(textOf(message)).toBe('You said: look')
    expect(told()).toContain(PNG)
  })

  test.each<Anthropic.ThinkingConfigParam>([
    { type: 'enabled', budget_tokens: 1024 },
    { type: 'adaptive' },
    { type: 'disabled' },
  ])('a request that says of thinking: $type', async (thinking) => {
    const message = await client.messages.create({ ...ask(), max_tokens: 4000, thinking })
    expect(textOf(message)).toBe('You said: grüße 🚀')
  })

  test('a conversation with thoughts of another model', async () => {
    const messages: Anthropic.MessageParam[] = [
      { role: 'user', content: 'first' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Let me see.', signature: 'c2lnbmVk' },
          { type: 'redacted_thinking', data: 'aGlkZGVu' },
          { type: 'text', text: 'Well.' },
        ],
      },
      { role: 'user', content: 'second' },
    ]
    expect(textOf(await client.messages.create({ ...ask(), messages }))).toBe('You said: second')
    expect(told()).toContain('Well.')
  })

  test('a count of tokens', async () => {
    const { messages } = ask('a text of some length')
    const { input_tokens } = await client.messages.countTokens({ model, messages, system: 'Hi.' })
    expect(input_tokens).toBeGreaterThan(0)
  })

  test('the client knows the id of the request', async () => {
    const { _request_id: id } = await client.messages.create(ask())
    expect(id).toMatch(/\w/)
    const stream = client.messages.stream(ask())
    expect((await stream.withResponse()).request_id).toMatch(/\w/)
    await stream.done()
  })
})

test('the list of models', async () => {
  const ids: string[] = []
  for await (const { id } of client.models.list()) ids.push(id)
  expect(ids.toSorted()).toEqual(
    [...PROVIDERS.map((name) => name.toLowerCase()), 'model'].toSorted(),
  )
})
