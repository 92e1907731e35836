import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { AiGateway } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, startAllProviders, toClientOptions } from '#test/fixtures/providers.ts'

// Tools and schemas, as Anthropic's own client uses them.

let ai: AiGateway
let client: Anthropic

beforeEach(async () => {
  ai = await startAllProviders()
  client = new Anthropic(toClientOptions(ai))
})
afterEach(() => ai[Symbol.asyncDispose]())

const openGate: Anthropic.Tool = {
  name: 'open_gate',
  description: 'Opens the gate.',
  input_schema: {
    type: 'object',
    properties: { meters: { type: 'number' } },
    required: ['meters'],
  },
}

const gates = z.object({
  level: z.number().min(0).max(10),
  state: z.enum(['open', 'closed']),
  note: z.string().nullable(),
  gates: z.array(z.object({ name: z.string() })),
})

const textOf = ({ content }: { content: readonly { type: string; text?: string }[] }): string =>
  content.map(({ text = '' }) => text).join('')

const callOf = ({ content }: Anthropic.Message): Anthropic.ToolUseBlock => {
  const [call, ...others] = content.filter((block) => block.type === 'tool_use')
  expect(others).toEqual([])
  expect(call).toBeDefined()
  return call!
}

describe.each(PROVIDERS)('%s', (provider) => {
  const ask = (content: string) => ({
    model: provider.toLowerCase(),
    max_tokens: 1000,
    messages: [{ role: 'user' as const, content }] as Anthropic.MessageParam[],
  })
  const request = { ...ask('call open_gate {"meters": 2}'), tools: [openGate] }

  test('a tool call, as a whole and in pieces', async () => {
    const whole = await client.messages.create(request)
    expect(whole.stop_reason).toBe('tool_use')
    expect(callOf(whole)).toMatchObject({ name: 'open_gate', input: { meters: 2 } })
    const stream = client.messages.stream(request)
    let json = ''
    stream.on('inputJson', (piece) => {
      json += piece
    })
    const streamed = await stream.finalMessage()
    expect(JSON.parse(json)).toEqual({ meters: 2 })
    expect(streamed.stop_reason).toBe('tool_use')
    expect(streamed.content.map(({ type }) => type)).toEqual(whole.content.map(({ type }) => type))
    expect(callOf(streamed).input).toEqual({ meters: 2 })
  })

  test('a call without arguments, as a whole and in pieces', async () => {
    const bare = { ...request, ...ask('call open_gate') }
    expect(callOf(await client.messages.create(bare)).input).toEqual({})
    expect(callOf(await client.messages.stream(bare).finalMessage()).input).toEqual({})
  })

  test.each([
    ['a string', 'opened', 'opened'],
    ['blocks', [{ type: 'text' as const, text: 'opened' }], 'opened'],
    ['an empty string', '', ''],
    ['no blocks', [], ''],
  ])('a second turn, with the result as %s', async (_form, content, said) => {
    const first = await client.messages.create(request)
    const result = { type: 'tool_result' as const, tool_use_id: callOf(first).id, content }
    const messages: Anthropic.MessageParam[] = [
      ...request.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [result] },
    ]
    const second = await client.messages.create({ ...request, messages })
    expect(textOf(second)).toMatch(new RegExp(`^The tool said: .*${said}`))
    const streamed = await client.messages.stream({ ...request, messages }).finalMessage()
    expect(textOf(streamed)).toBe(textOf(second))
  })

  const secondTurn = async (
    content: NonNullable<Anthropic.ToolResultBlockParam['content']>,
    word?: string,
  ): Promise<Anthropic.MessageParam[]> => {
    const first = await client.messages.stream(request).finalMessage()
    const { id } = callOf(first)
    const result = { type: 'tool_result' as const, tool_use_id: id, is_error: true, content }
    const beside = word === undefined ? [] : [{ type: 'text' as const, text: word }]
    return [
      ...request.messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [result, ...beside] },
    ]
  }

  test('a second turn with an error, and a word of the user beside it', async () => {
    const messages = await secondTurn('stuck', 'so?')
    const second = await client.messages.create({ ...request, messages })
    expect(second.stop_reason).toBe('end_turn')
    expect(JSON.stringify(ai.mock.seen.at(-1)?.body)).toMatch(/stuck.*so\?/s)
  })

  test('an image that a tool gives back arrives, or is refused', async () => {
    const data = 'iVBORw0KGgo='
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data }
    const messages = await secondTurn([{ type: 'image', source }])
    const call = client.messages.create({ ...request, messages })
    if (provider === 'OpenAI' || provider === 'Cohere') {
      await expect(call).rejects.toThrow(/takes? no images/)
    } else {
      expect((await call).stop_reason).toBe('end_turn')
      expect(JSON.stringify(ai.mock.seen.at(-1)?.body)).toContain(data)
    }
  })

  test.each<Anthropic.ToolChoice>([
    { type: 'auto', disable_parallel_tool_use: true },
    { type: 'any' },
    { type: 'tool', name: 'open_gate' },
    { type: 'none' },
  ])('a choice of tools: $type', async (tool_choice) => {
    const message = await client.messages.create({ ...request, tool_choice })
    expect(message.type).toBe('message')
  })

  const createTool = (ran: number[]) =>
    betaZodTool({
      name: 'open_gate',
      description: 'Opens the gate.',
      inputSchema: z.object({ meters: z.number() }),
      run: ({ meters }) => {
        ran.push(meters)
        return 'opened'
      },
    })

  // Its loop sends only what is new, as long as it believes that the server keeps the rest.
  const threads = [
    ['with threads, as is its default', {}],
    ['without', { thread: false as const }],
  ] as const

  test.each(threads)('the loop of the client runs a tool: %s', async (_what, thread) => {
    const ran: number[] = []
    const tools = [createTool(ran)]
    const runner = client.beta.messages.toolRunner({ ...request, ...thread, tools })
    expect(textOf(await runner)).toMatch(/^The tool said: .*opened/)
    expect(ran).toEqual([2])
    const last = JSON.stringify(ai.mock.seen.at(-1)?.body)
    expect(last).toContain('call open_gate')
    expect(last).not.toContain('previous_message_id')
  })

  test.each(threads)('the loop runs over streams as well: %s', async (_what, thread) => {
    const tools = [createTool([])]
    const runner = client.beta.messages.toolRunner({ ...request, ...thread, tools, stream: true })
    const texts: string[] = []
    for await (const stream of runner) texts.push(textOf(await stream.finalMessage()))
    expect(JSON.stringify(ai.mock.seen)).not.toContain('previous_message_id')
    expect(texts).toHaveLength(2)
    expect(texts[1]).toMatch(/^The tool said: .*opened/)
  })

  test('an answer that fits a schema, as a whole and in pieces', async () => {
    const structured = { ...ask('how high?'), output_config: { format: zodOutputFormat(gates) } }
    const expected = { level: 1, state: 'open', gates: [{ name: 'text' }] }
    const whole = await client.messages.parse(structured)
    expect(whole.parsed_output).toMatchObject(expected)
    const streamed = await client.messages.stream(structured).finalMessage()
    expect(streamed.parsed_output).toEqual(whole.parsed_output)
  })

  test('a schema that uses a part of itself twice', async () => {
    const place = z.object({ name: z.string(), river: z.string().optional() })
    const format = zodOutputFormat(z.object({ from: place, to: place }))
    const { parsed_output: parsed } = await client.messages.parse({
      ...ask('where?'),
      output_config: { format },
    })
    expect(parsed).toMatchObject({ from: { name: 'text' }, to: { name: 'text' } })
  })
})
