import { createAnthropic } from '@ai-sdk/anthropic'
import Anthropic from '@anthropic-ai/sdk'
import { generateText } from 'ai'
import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AiGateway, KEY_OF_ALICE, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { providerModel } from '#test/fixtures/providers.ts'

let ai: AiGateway

beforeEach(async () => {
  ai = await startAiGateway()
  ai.serve(providerModel('OpenAI', ai.mock.port, 'status=429&retry-after=1&times=1'))
})
afterEach(() => ai[Symbol.asyncDispose]())

const messages = [{ role: 'user' as const, content: 'hello' }]
const model = 'openai'

/** When each request was sent. */
let sentAt: number[]

const timedFetch: typeof fetch = (input, init) => {
  sentAt.push(performance.now())
  return fetch(input, init)
}

/** Left to themselves, the first two wait for half a second, and the last one for two. */
const CLIENTS: Record<string, (url: string) => PromiseLike<unknown>> = {
  openai: (url) => {
    const settings = { apiKey: KEY_OF_ALICE, baseURL: `${url}/v1`, fetch: timedFetch }
    const client = new OpenAI({ ...settings, maxRetries: 2, logLevel: 'off' })
    return client.chat.completions.create({ model, messages })
  },
  anthropic: (url) => {
    const settings = { apiKey: KEY_OF_ALICE, baseURL: url, fetch: timedFetch }
    const client = new Anthropic({ ...settings, maxRetries: 2, logLevel: 'off' })
    return client.messages.create({ model, messages, max_tokens: 100 })
  },
  'ai-sdk': (url) => {
    const settings = { apiKey: KEY_OF_ALICE, baseURL: `${url}/v1`, fetch: timedFetch }
    const { messages: create } = createAnthropic(settings)
    return generateText({ model: create(model), prompt: 'hello', maxRetries: 2 })
  },
}

test.each(Object.entries(CLIENTS))(
  'a client comes back when the provider said: %s',
  async (_name, call) => {
    sentAt = []
    const answer = await call(`http://127.0.0.1:${ai.gateway.port}`)
    expect(JSON.stringify(answer)).toContain('You said: hello')
    const [first = 0, second = 0] = sentAt
    expect(second - first).toBeGreaterThan(950)
    expect(second - first).toBeLessThan(1900)
  },
)
