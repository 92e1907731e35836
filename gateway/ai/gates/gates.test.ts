import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CallRecord } from '#gateway/ai/call-record.ts'
import { type AiGateway, KEY_OF_ALICE, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import { startBackend } from '#test/fixtures/backend.ts'
import { toConsumerSecret } from '#test/fixtures/models.ts'
import { until } from '#test/fixtures/until.ts'

let ai: AiGateway
let records: CallRecord[]

beforeEach(async () => {
  records = []
  ai = await startAiGateway({ observers: [(record) => records.push(record)] })
})
afterEach(() => ai[Symbol.asyncDispose]())

/** A model as users write it, of a provider that the mock plays. */
const model = (spec: object, name = 'model', generation = 2) =>
  ai.apply(
    'AIModelConfig',
    name,
    {
      provider: 'OpenAICompatible',
      endpoint: `${ai.mock.url}/v1`,
      model: 'gpt-mock',
      credential: { secretRef: { name: 'provider' } },
      retries: { attempts: 0 },
      ...spec,
    },
    generation,
  )

const call = (content: string, members: object = {}, headers: Record<string, string> = {}) =>
  ai.call('/v1/chat/completions', {
    body: { model: 'model', messages: [{ role: 'user', content }], ...members },
    headers,
  })

const contentOf = (text: string) => JSON.parse(text).choices[0].message.content
const streamed = (text: string) =>
  Array.from(text.matchAll(/^data: (\{.*)$/gm), ([, data = '']) => JSON.parse(data))
    .map((event) => event.choices?.[0]?.delta?.content ?? '')
    .join('')
const sent = () =>
  (ai.mock.seen.at(-1)!.body as { messages: { content: string }[] }).messages[0]!.content

describe('limits', () => {
  const perMinute = (amounts: object) => [{ per: ['Consumer'], window: 'Minute', ...amounts }]

  test('of many calls at once no more are let in than fit', async () => {
    model({ limits: perMinute({ requests: 10 }) })
    const answers = await Promise.all(Array.from({ length: 40 }, () => call('hello')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30)
    expect(ai.mock.seen).toHaveLength(10)
  })

  test('who is denied is told which limit, and when to come back', async () => {
    model({
      limits: [{ name: 'team-budget', per: ['Team'], window: 'Month', cost: '0.000001' }],
      cost: { inputPerMillion: '1', outputPerMillion: '1' },
    })
    const { status, headers, text } = await call('hello')
    expect([status, JSON.parse(text).error]).toMatchObject([
      429,
      { code: 'limit_exceeded', message: expect.stringContaining('default/team-budget') },
    ])
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  })

  test('one consumer’s use is not another’s', async () => {
    model({ limits: perMinute({ requests: 1 }) })
    ai.gateway.consumers.set(toConsumerSecret('bob', 'key-of-bob', { tenant: 'default' }))
    const bob = { authorization: 'Bearer key-of-bob' }
    expect((await call('hello')).status).toBe(200)
    expect((await call('hello')).status).toBe(429)
    expect((await call('hello', {}, bob)).status).toBe(200)
  })

  test('what was reserved and not used is given back', async () => {
    model({ limits: perMinute({ tokens: 2500 }) })
    // Each reserves a thousand tokens of output, and uses a few.
    for (let left = 5; left > 0; left -= 1) expect((await call('hello')).status).toBe(200)
    const { usage } = records.at(-1)!
    expect(usage!.inputTokens + usage!.outputTokens).toBeLessThan(100)
  })

  test.each([
    ['tells no usage', 'usage=none', 200],
    ['refuses', 'status=400', 400],
  ])('a call whose provider %s counts as a request', async (_what, fault, status) => {
    model({ limits: perMinute({ requests: 2 }), model: `gpt-mock?${fault}` })
    const statuses = []
    for (let left = 3; left > 0; left -= 1) statuses.push((await call('hello')).status)
    expect(statuses).toEqual([status, status, 429])
  })

  test('where nobody counts the tokens, they are estimated', async () => {
    model({ model: 'gpt-mock?usage=none' })
    await call('hello')
    expect(records[0]?.usage?.inputTokens).toBeGreaterThan(0)
    expect(records[0]?.usage?.outputTokens).toBeGreaterThan(0)
  })

  test('answers side by side are reserved together', async () => {
    model({ limits: perMinute({ outputTokens: 500 }) })
    expect((await call('hello', { n: 10, max_tokens: 100 })).status).toBe(429)
    expect((await call('hello', { n: 2, max_tokens: 100 })).status).toBe(200)
  })

  test('a budget that a policy and its models share is used once', async () => {
    const shared = [{ name: 'shared', per: ['Consumer'], window: 'Minute', requests: 3 }]
    model({ limits: shared }, 'a')
    ai.apply('LLMRoutingPolicy', 'assistant', {
      rules: [{ models: [{ name: 'a' }] }],
      limits: shared,
    })
    const statuses = []
    for (let left = 4; left > 0; left -= 1) {
      statuses.push((await call('hello', { model: 'assistant' })).status)
    }
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  test('a policy whose cost is limited asks no model without a price', async () => {
    model({}, 'a')
    const price = { inputPerMillion: '1', outputPerMillion: '1' }
    model({ cost: price }, 'b')
    const limits = [{ per: [], window: 'Day', cost: '5' }]
    const models = [{ name: 'a' }, { name: 'b' }]
    ai.apply('LLMRoutingPolicy', 'assistant', { rules: [{ strategy: 'Priority', models }], limits })
    const { headers } = await call('hello', { model: 'assistant' })
    expect(headers['x-penstock-model']).toBe('default/b')
  })

  test('a call that no provider has answered uses no tokens', async () => {
    const circuitBreaker = { failures: 0 }
    const fault = 'gpt-mock?status=500&times=5'
    model({ limits: perMinute({ tokens: 1500 }), model: fault, circuitBreaker })
    for (let left = 5; left > 0; left -= 1) expect((await call('hello')).status).toBe(502)
    expect((await call('hello')).status).toBe(200)
  })

  test('a stream that its caller leaves counts what was streamed', async () => {
    model({ limits: perMinute({ outputTokens: 1010 }), model: 'gpt-mock?tokens=500&pace=5' })
    const messages = [{ role: 'user', content: 'hello' }]
    const response = await request(`http://127.0.0.1:${ai.gateway.port}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY_OF_ALICE}` },
      body: JSON.stringify({ model: 'model', messages, stream: true }),
    })
    for await (const _chunk of response.body) break
    await until('it is over', () => records.length === 1)
    const [{ outcome, usage }] = records as [CallRecord]
    expect(outcome).toBe('client_left')
    expect(usage?.outputTokens).toBeGreaterThan(0)
    expect(usage?.outputTokens).toBeLessThan(500)
    // The rest of what was reserved is there again.
    expect((await call('hello', { max_tokens: 900 })).status).toBe(200)
  })

  test('a model at its limit is passed over', async () => {
    model({ limits: perMinute({ requests: 1 }) }, 'a')
    model({}, 'b')
    const models = [{ name: 'a' }, { name: 'b' }]
    ai.apply('LLMRoutingPolicy', 'assistant', { rules: [{ strategy: 'Priority', models }] })
    const names = []
    for (let left = 3; left > 0; left -= 1) {
      names.push((await call('hello', { model: 'assistant' })).headers['x-penstock-model'])
    }
    expect(names).toEqual(['default/a', 'default/b', 'default/b'])
  })

  test('a policy’s limits hold for all its models together', async () => {
    model({}, 'a')
    model({}, 'b')
    ai.apply('LLMRoutingPolicy', 'assistant', {
      rules: [{ models: [{ name: 'a' }, { name: 'b' }] }],
      limits: perMinute({ requests: 3 }),
    })
    const statuses = []
    for (let left = 5; left > 0; left -= 1) {
      statuses.push((await call('hello', { model: 'assistant' })).status)
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })

  test('limits of one name share their counters', async () => {
    const shared = [{ name: 'shared', per: ['Consumer'], window: 'Minute', requests: 2 }]
    model({ limits: shared }, 'a')
    model({ limits: shared }, 'b')
    expect((await call('hello', { model: 'a' })).status).toBe(200)
    expect((await call('hello', { model: 'b' })).status).toBe(200)
    expect((await call('hello', { model: 'a' })).status).toBe(429)
  })

  test('a cost that is limited needs a price', async () => {
    model({ limits: perMinute({ cost: '1' }) })
    const { status, text } = await call('hello')
    expect([status, JSON.parse(text).error.code]).toEqual([403, 'not_allowed'])
  })
})

test('usage and cost are told beside an answer', async () => {
  model({ cost: { inputPerMillion: '1000', outputPerMillion: '2000' } })
  const { headers } = await call('hello')
  const input = Number(headers['x-penstock-input-tokens'])
  const output = Number(headers['x-penstock-output-tokens'])
  expect(Number(headers['x-penstock-cost'])).toBeCloseTo((input * 1000 + output * 2000) / 1e6, 6)
  expect(records[0]).toMatchObject({ cost: input * 1000 + output * 2000, outcome: 'ok' })
})

describe('guardrails', () => {
  const secret = 'mail jane.doe@example.org about it'
  const mask = { name: 'pii', action: 'Mask', pii: { types: ['Email'] } }

  test('what is masked does not reach the provider, and is put back for the caller', async () => {
    model({ guardrails: [mask] })
    const { text } = await call(secret)
    expect(sent()).toBe('mail [EMAIL_1] about it')
    expect(contentOf(text)).toBe(`You said: ${secret}`)
    expect(records[0]?.findings).toMatchObject([{ guardrail: 'pii', stage: 'Request' }])
  })

  test('in a stream too, however it is cut', async () => {
    model({ guardrails: [mask], model: 'gpt-mock?split=true' })
    const { text } = await call(secret, { stream: true })
    expect(streamed(text)).toBe(`You said: ${secret}`)
    expect(text).toMatch(/\[DONE\]/)
  })

  test('texts to be embedded are looked at as well', async () => {
    model({ guardrails: [mask] })
    const body = { model: 'model', input: ['a gate', secret] }
    expect((await ai.call('/v1/embeddings', { body })).status).toBe(200)
    expect(ai.mock.seen[0]?.body).toMatchObject({ input: ['a gate', 'mail [EMAIL_1] about it'] })
    model({ guardrails: [{ ...mask, action: 'Block' }] }, 'model', 3)
    expect((await ai.call('/v1/embeddings', { body })).status).toBe(400)
  })

  test('what is asked again is masked too', async () => {
    model({ guardrails: [mask] })
    const schema = { type: 'object', properties: { text: { type: 'string', minLength: 500 } } }
    const versions = [{ name: 'v1', template: '{text}', output: { schema, repair: true } }]
    const variables = [{ name: 'text', type: 'String' }]
    ai.apply('PromptTemplate', 'repaired', { model: 'model', variables, versions })
    await call('', { model: 'prompt/repaired', messages: [], variables: { text: secret } })
    expect(ai.mock.seen).toHaveLength(2)
    expect(JSON.stringify(ai.mock.seen.map(({ body }) => body))).not.toContain('jane.doe')
  })

  test('what is blocked reaches nobody', async () => {
    const guardrails = [{ name: 'no-mail', action: 'Block', message: 'No addresses.', pii: {} }]
    model({ guardrails })
    const { status, text } = await call(secret)
    expect([status, JSON.parse(text).error]).toMatchObject([
      400,
      { code: 'content_blocked', message: 'No addresses.' },
    ])
    expect(ai.mock.seen).toEqual([])
    expect(records).toMatchObject([{ outcome: 'blocked', tries: [] }])
  })

  test('an answer that is blocked is not told', async () => {
    const guardrails = [
      { name: 'words', on: ['Response'], action: 'Block', topics: { deny: ['gate'] } },
    ]
    model({ guardrails })
    expect((await call('open the gate')).status).toBe(400)
    expect((await call('open the door')).status).toBe(200)
  })

  test('a stream that is blocked ends with an error, and nothing of what is blocked', async () => {
    const guardrails = [
      { name: 'words', on: ['Response'], action: 'Block', topics: { deny: ['gate'] } },
    ]
    model({ guardrails, model: 'gpt-mock?pace=3' })
    const words = `${'many words come before '.repeat(20)} the gate is mentioned`
    const { status, text } = await call(words, { stream: true })
    expect(status).toBe(200)
    expect(text).toMatch(/content_blocked/)
    expect(text).not.toMatch(/gate|\[DONE\]/)
    // The model has done what it was asked to.
    expect(ai.gateway.models.get('AIModelConfig/default/model')?.stats.calls.blocked).toBe(1)
  })

  test('those of every model of a policy hold for its calls', async () => {
    model({ guardrails: [mask] }, 'a')
    model({}, 'b')
    const models = [{ name: 'b' }, { name: 'a' }]
    ai.apply('LLMRoutingPolicy', 'assistant', { rules: [{ strategy: 'Priority', models }] })
    await call(secret, { model: 'assistant' })
    expect(sent()).toBe('mail [EMAIL_1] about it')
  })

  test('a webhook judges', async () => {
    await using webhook = await startBackend(({ body }, res) =>
      res.end(JSON.stringify({ flagged: body.includes('bad') })),
    )
    const url = `http://127.0.0.1:${webhook.port}/judge?x=1`
    model({ guardrails: [{ name: 'hook', on: ['Request'], action: 'Block', webhook: { url } }] })
    expect((await call('a good word')).status).toBe(200)
    expect((await call('a bad word')).status).toBe(400)
  })

  test('a webhook that gives no judgement: blocked, or let through if so wished', async () => {
    const webhook = { url: 'http://127.0.0.1:9/judge', timeout: '200ms' }
    const guardrail = { name: 'hook', on: ['Request'], action: 'Block' }
    model({ guardrails: [{ ...guardrail, webhook }] })
    expect((await call('hello')).status).toBe(400)
    model(
      { guardrails: [{ ...guardrail, webhook: { ...webhook, onFailure: 'Allow' } }] },
      'model',
      3,
    )
    expect((await call('hello')).status).toBe(200)
  })

  test('what is only audited holds nothing up, and is told once it is known', async () => {
    await using webhook = await startBackend((_request, res) => {
      setTimeout(() => res.end(JSON.stringify({ flagged: true })), 100)
    })
    const url = `http://127.0.0.1:${webhook.port}/judge`
    const size = { name: 'long', on: ['Response'], action: 'Audit', size: { maxCharacters: 1 } }
    model({ guardrails: [size, { name: 'hook', action: 'Audit', webhook: { url } }] })
    for (const stream of [false, true]) {
      records.length = 0
      expect((await call('hello', { stream })).status).toBe(200)
      await until('it is told', () => records.length === 1)
      const found = records[0]?.findings.map(({ guardrail, stage }) => `${guardrail} ${stage}`)
      expect(found?.sort()).toEqual(['hook Request', 'hook Response', 'long Response'])
    }
  })

  test('another model judges', async () => {
    model({}, 'judge')
    model({
      guardrails: [{ name: 'judged', on: ['Request'], action: 'Block', model: { name: 'judge' } }],
    })
    // Asked for a word that fits the schema, the mock says true.
    expect((await call('hello')).status).toBe(400)
    expect(ai.gateway.models.get('AIModelConfig/default/judge')?.stats.calls.ok).toBe(1)
  })
})

describe('the cache', () => {
  test('an equal call is answered without a model, as it wants', async () => {
    model({ cache: {} })
    const first = await call('hello')
    const second = await call('hello')
    const third = await call('hello', { stream: true })
    expect([first, second, third].map(({ headers }) => headers['x-penstock-cache'])).toEqual([
      'miss',
      'hit',
      'hit',
    ])
    expect(contentOf(second.text)).toBe(contentOf(first.text))
    expect(streamed(third.text)).toBe(contentOf(first.text))
    expect(ai.mock.seen).toHaveLength(1)
    expect(records.map(({ cache }) => cache)).toEqual(['miss', 'hit', 'hit'])
  })

  test('a stream is kept once it has ended well', async () => {
    model({ cache: {} })
    await call('hello', { stream: true })
    expect((await call('hello')).headers['x-penstock-cache']).toBe('hit')
    model({ cache: {}, model: 'gpt-mock?cut=3&pace=5' }, 'model', 3)
    await call('hello', { stream: true })
    expect((await call('hello')).headers['x-penstock-cache']).toBe('miss')
  })

  test('an edit of the model forgets what it has answered', async () => {
    model({ cache: {} })
    await call('hello')
    model({ cache: {}, maxTokens: 50 }, 'model', 3)
    expect((await call('hello')).headers['x-penstock-cache']).toBe('miss')
  })

  test('another tenant has its own', async () => {
    ai.gateway.secrets.set({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'penstock-system', name: 'provider' },
      data: { apiKey: Buffer.from('sk').toString('base64') },
    })
    model({ cache: {} })
    ai.gateway.consumers.set(
      toConsumerSecret('carol', 'key-of-carol', { tenant: 'default', team: 'x' }),
    )
    await call('hello')
    const carol = { authorization: 'Bearer key-of-carol' }
    expect((await call('hello', {}, carol)).headers['x-penstock-cache']).toBe('hit')
    model({ cache: { per: 'Consumer' } }, 'model', 3)
    await call('hello')
    expect((await call('hello', {}, carol)).headers['x-penstock-cache']).toBe('miss')
  })

  test('a question that means the same is answered alike, if so wished', async () => {
    model({}, 'embedder')
    model({ cache: { semantic: { model: 'embedder', threshold: '0.5' } } })
    await call('How high is the water?')
    // The mock's vectors mean nothing, but they are always the same: these two are alike.
    expect((await call('Is the water high?')).headers['x-penstock-cache']).toBe('hit')
    expect((await call('Tell me the water level.')).headers['x-penstock-cache']).toBe('miss')
    expect(ai.gateway.models.get('AIModelConfig/default/embedder')?.stats.calls.ok).toBe(3)
  })

  test('an embedding that fails is a miss', async () => {
    model({ model: 'gpt-mock?status=500' }, 'embedder')
    model({ cache: { semantic: { model: 'embedder', threshold: '0.5' } } })
    await call('How high is the water?')
    const { status, headers } = await call('Is the water high?')
    expect([status, headers['x-penstock-cache']]).toEqual([200, 'miss'])
  })

  test('what another gate refuses is not kept', async () => {
    model({ cache: {} })
    const schema = { type: 'object', properties: { text: { type: 'string', minLength: 500 } } }
    const versions = [{ name: 'v1', template: 'hello', output: { schema, repair: true } }]
    ai.apply('PromptTemplate', 'refused', { model: 'model', versions })
    const ask = () => call('', { model: 'prompt/refused', messages: [] })
    expect((await ask()).status).toBe(502)
    const asked = ai.mock.seen.length
    expect((await ask()).status).toBe(502)
    expect(ai.mock.seen.length).toBe(2 * asked)
  })

  test('what it keeps has passed the guardrails, and passes them again', async () => {
    const guardrails = [{ name: 'pii', action: 'Mask', pii: { types: ['Email'] } }]
    model({ cache: {}, guardrails })
    await call('mail jane@example.org')
    const { headers, text } = await call('mail joan@example.org')
    expect(headers['x-penstock-cache']).toBe('hit')
    expect(contentOf(text)).toBe('You said: mail joan@example.org')
  })
})
