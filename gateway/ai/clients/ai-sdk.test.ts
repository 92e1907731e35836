import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import {
  embed,
  embedMany,
  generateText,
  isStepCount,
  type LanguageModel,
  type ModelMessage,
  Output,
  streamText,
  tool,
} from 'ai'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AiGateway, KEY_OF_ALICE } from '#test/fixtures/ai-gateway.ts'
import { PROVIDERS, startAllProviders } from '#test/fixtures/providers.ts'

// What Vercel's AI SDK makes of the gateway, in two dialects, whoever the provider is.

let ai: AiGateway

beforeEach(async () => {
  ai = await startAllProviders()
})
afterEach(() => ai[Symbol.asyncDispose]())

const toBase = () => ({
  baseURL: `http://127.0.0.1:${ai.gateway.port}/v1`,
  apiKey: KEY_OF_ALICE,
})

const createCompatible = () =>
  createOpenAICompatible({
    ...toBase(),
    name: 'penstock',
    includeUsage: true,
    supportsStructuredOutputs: true,
  })

const DIALECTS: Record<string, (model: string) => LanguageModel> = {
  'openai-compatible': (model) => createCompatible()(model),
  anthropic: (model) => createAnthropic(toBase())(model),
}

const cases = Object.keys(DIALECTS).flatMap((dialect) =>
  PROVIDERS.map((provider) => [dialect, provider] as const),
)

/** It asks Anthropic for JSON through a tool, unless it knows the model. */
const asFormat = { providerOptions: { anthropic: { structuredOutputMode: 'outputFormat' } } }

const gates = z.object({
  level: z.number().min(0).max(10),
  state: z.enum(['open', 'closed']),
  note: z.string().nullable(),
  gates: z.array(z.object({ name: z.string() })),
})

const expectedGates = { level: 1, state: 'open', gates: [{ name: 'text' }] }

const createTools = (ran: number[]) => ({
  open_gate: tool({
    description: 'Opens the gate.',
    inputSchema: z.object({ meters: z.number() }),
    execute: async ({ meters }) => {
      ran.push(meters)
      return 'opened'
    },
  }),
})

/** What the provider was told last, as JSON. */
const told = (): string => JSON.stringify(ai.mock.seen.at(-1)?.body)

const fail = ({ error }: { error: unknown }): void => expect.fail(String(error))

describe.each(cases)('%s to %s', (dialect, provider) => {
  const toSettings = () => ({
    model: DIALECTS[dialect]!(provider.toLowerCase()),
    maxRetries: 0,
  })

  test('a text', async () => {
    const { text, finishReason, usage } = await generateText({
      ...toSettings(),
      instructions: 'Be brief.',
      prompt: 'grüße 🚀',
    })
    expect([text, finishReason]).toEqual(['You said: grüße 🚀', 'stop'])
    expect(usage.inputTokens).toBeGreaterThan(0)
    expect(usage.outputTokens).toBeGreaterThan(0)
    expect(told()).toContain('Be brief.')
  })

  test('a text in pieces', async () => {
    const whole = await generateText({ ...toSettings(), prompt: 'grüße 🚀' })
    const stream = streamText({ ...toSettings(), prompt: 'grüße 🚀', onError: fail })
    const pieces: string[] = []
    for await (const piece of stream.textStream) pieces.push(piece)
    expect(pieces.join('')).toBe('You said: grüße 🚀')
    expect(pieces.length).toBeGreaterThan(1)
    expect(await stream.finishReason).toBe('stop')
    const { inputTokens, outputTokens } = await stream.usage
    expect([inputTokens, outputTokens]).toEqual([whole.usage.inputTokens, whole.usage.outputTokens])
  })

  test('a text that is cut by its limit', async () => {
    const settings = { ...toSettings(), prompt: 'a few words', maxOutputTokens: 3 }
    expect((await generateText(settings)).finishReason).toBe('length')
    const stream = streamText({ ...settings, onError: fail })
    expect(await stream.finishReason).toBe('length')
  })

  test('an image', async () => {
    const data = 'iVBORw0KGgo='
    const messages: ModelMessage[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'file', mediaType: 'image/png', data },
        ],
      },
    ]
    expect((await generateText({ ...toSettings(), messages })).text).toBe('You said: look')
    expect(told()).toContain(data)
  })

  test('a tool, and the answer after it', async () => {
    const ran: number[] = []
    const { text, steps } = await generateText({
      ...toSettings(),
      prompt: 'call open_gate {"meters": 2}',
      tools: createTools(ran),
      stopWhen: isStepCount(3),
    })
    expect(text).toMatch(/^The tool said: .*opened/)
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop'])
    expect(ran).toEqual([2])
  })

  test('a tool, and the answer after it, in pieces', async () => {
    const ran: number[] = []
    const stream = streamText({
      ...toSettings(),
      prompt: 'call open_gate {"meters": 2}',
      tools: createTools(ran),
      stopWhen: isStepCount(3),
      onError: fail,
    })
    expect(await stream.text).toMatch(/^The tool said: .*opened/)
    expect(await stream.steps).toHaveLength(2)
    expect(ran).toEqual([2])
  })

  test('an object', async () => {
    const { output } = await generateText({
      ...toSettings(),
      ...asFormat,
      prompt: 'how high?',
      output: Output.object({ schema: gates }),
    })
    expect(output).toMatchObject(expectedGates)
  })

  test('an object in pieces', async () => {
    const stream = streamText({
      ...toSettings(),
      ...asFormat,
      prompt: 'how high?',
      output: Output.object({ schema: gates }),
      onError: fail,
    })
    const parts: unknown[] = []
    for await (const part of stream.partialOutputStream) parts.push(part)
    expect(parts.at(-1)).toMatchObject(expectedGates)
    expect(await stream.output).toMatchObject(expectedGates)
  })
})

describe.each(PROVIDERS)('an object of %s through a tool that it is made to call', (provider) => {
  const toSettings = () => ({
    model: DIALECTS.anthropic!(provider.toLowerCase()),
    maxRetries: 0,
    prompt: 'call json {"level": 2}',
    output: Output.object({ schema: z.object({ level: z.number() }) }),
  })

  test('as a whole and in pieces', async () => {
    expect((await generateText(toSettings())).output).toEqual({ level: 2 })
    const stream = streamText({ ...toSettings(), onError: fail })
    expect(await stream.output).toEqual({ level: 2 })
  })
})

test.each(['openai', 'gemini', 'cohere'])('vectors of %s', async (name) => {
  const model = createCompatible().embeddingModel(name)
  const { embeddings, usage } = await embedMany({
    model,
    values: ['one text', 'another'],
    maxRetries: 0,
  })
  expect(embeddings.map((vector) => vector.length)).toEqual([8, 8])
  expect(usage.tokens).toBeGreaterThan(0)
  const { embedding } = await embed({ model, value: 'another', maxRetries: 0 })
  expect(embedding).toEqual(embeddings[1])
})
