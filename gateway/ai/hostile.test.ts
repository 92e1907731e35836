import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Deadlines } from '#gateway/upstream/http1/deadlines.ts'
import { type AiGateway, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { startBackend } from '#test/fixtures/backend.ts'
import { providerModel } from '#test/fixtures/providers.ts'

// What one caller or one provider must not do to the calls of others.

let ai: AiGateway

beforeEach(async () => {
  ai = await startAiGateway()
  ai.serve(providerModel('Anthropic', ai.mock.port))
})
afterEach(() => ai[Symbol.asyncDispose]())

const messages = [{ role: 'user', content: 'hello' }]
const call = (members: object) =>
  ai.call('/v1/chat/completions', { body: { model: 'anthropic', messages, ...members } })

describe('the name of a field', () => {
  test.each(['a\r\nset-cookie: b', 'ключ', 'x'.repeat(100_000), ''])('%j', async (name) => {
    for (const stream of [false, true]) {
      const { status, headers } = await call({ [name]: 1, stream })
      expect([status, headers['x-penstock-ignored']]).toEqual([200, 'others'])
      expect(headers['set-cookie']).toBeUndefined()
    }
  })

  test('many of them', async () => {
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`field_${i}`, 1]))
    const { status, headers } = await call(fields)
    expect(status).toBe(200)
    expect(String(headers['x-penstock-ignored']).length).toBeLessThan(500)
  })
})

test('a call that only its own dialect has words for, at a model that cannot take it', async () => {
  const models = [{ name: 'model' }, { name: 'anthropic' }]
  ai.apply('LLMRoutingPolicy', 'assistant', {
    rules: [{ strategy: 'Priority', models }],
    retries: { attempts: 0 },
  })
  ai.serve({ generation: 2, model: 'gpt-mock?status=500' })
  const { status, text } = await call({ model: 'assistant', n: 2 })
  expect([status, JSON.parse(text).error.param]).toEqual([400, 'n'])
  expect((await call({})).status).toBe(200)
})

test('a native call that the neutral form refuses is limited like any other', async () => {
  ai.serve({
    generation: 2,
    limits: [
      {
        ...{ counter: 'a', per: [], unit: 'tokens', max: 1_000_000, window: 'Day' },
        onStoreFailure: 'Local',
      },
    ],
  })
  expect((await call({ model: 'model', n: 2 })).status).toBe(200)
})

test('a provider that holds its connection after the end of a stream is forgotten', async () => {
  await using provider = await startBackend((_request, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    const chunk = { choices: [{ delta: { content: 'hi' }, finish_reason: 'stop' }] }
    res.write(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`)
  })
  ai.serve({ generation: 2, to: provider.port })
  const { text } = await call({ model: 'model', stream: true })
  expect(text).toMatch(/\[DONE\]/)
})

test('a timer that has fired is not found again', async () => {
  const { startDeadline } = await import('../proxy/deadline-timer.ts')
  const deadlines = new Deadlines()
  let fired = 0
  await new Promise<void>((resolve) => {
    startDeadline(deadlines, 10, () => {
      fired += 1
      // Long enough for another scan.
      startDeadline(deadlines, 100, resolve)
    })
  })
  expect(fired).toBe(1)
})

test('a streaming caller gets a stream of a provider that does not stream', async () => {
  await using provider = await startBackend((_request, res) => {
    res.setHeader('content-type', 'application/json')
    const content = [{ type: 'text', text: 'as a whole' }]
    res.end(
      JSON.stringify({ type: 'message', role: 'assistant', content, stop_reason: 'end_turn' }),
    )
  })
  ai.serve({ ...providerModel('Anthropic', provider.port), generation: 2 })
  const { headers, text } = await call({ stream: true })
  expect(headers['content-type']).toMatch(/^text\/event-stream/)
  expect(text).toContain('as a whole')
  expect(text).toMatch(/\[DONE\]/)
})
