import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AiGateway, startAiGateway } from '#test/fixtures/ai-gateway.ts'
import type { ModelSpec } from '#test/fixtures/models.ts'
import { toConsumerSecret } from '#test/fixtures/models.ts'
import { until } from '#test/fixtures/until.ts'

let ai: AiGateway

beforeEach(async () => {
  ai = await startAiGateway()
  for (const name of ['a', 'b', 'c']) model(name)
})
afterEach(() => ai[Symbol.asyncDispose]())

/** A model whose provider misbehaves, if a fault is named. */
const model = (name: string, fault = '', spec: ModelSpec = {}) =>
  ai.serve({
    name,
    model: fault === '' ? name : `${name}?${fault}`,
    generation: Date.now(),
    ...spec,
  })

const policy = (spec: object, generation?: number) =>
  ai.apply('LLMRoutingPolicy', 'assistant', spec, generation)

const rules = (...names: string[]) => [
  { strategy: 'Priority', models: names.map((name) => ({ name })) },
]

const NO_RETRY = { retries: { attempts: 0 } }

const call = (members: object = {}, headers: Record<string, string> = {}) =>
  ai.call('/v1/chat/completions', {
    body: { model: 'assistant', messages: [{ role: 'user', content: 'hello' }], ...members },
    headers,
  })

/** Which model answered a call, or its status. */
const answeredBy = async (...args: Parameters<typeof call>) => {
  const { status, headers } = await call(...args)
  return status === 200 ? headers['x-penstock-model']?.toString().replace('default/', '') : status
}

const stats = (name: string) => ai.gateway.models.get(`AIModelConfig/default/${name}`)!.stats

describe('fallback', () => {
  test.each(['status=500', 'status=429', 'status=503', 'hang=head', 'cut=0'])(
    'a model that fails by %s is replaced unseen',
    async (fault) => {
      const timeouts = { requestMs: 10_000, firstTokenMs: 100, streamIdleMs: 100 }
      model('a', fault, { timeouts })
      policy({ rules: rules('a', 'b'), ...NO_RETRY })
      expect(await answeredBy({ stream: true })).toBe('b')
    },
  )

  test('an answer that is none is replaced too', async () => {
    model('a', 'malformed=true')
    policy({ rules: rules('a', 'b'), ...NO_RETRY })
    expect(await answeredBy()).toBe('b')
  })

  test('an error as the first event of a stream counts as a failure', async () => {
    model('a', 'error-event=0')
    policy({ rules: rules('a', 'b'), ...NO_RETRY })
    const { text, headers } = await call({ stream: true })
    expect(headers['x-penstock-model']).toBe('default/b')
    expect(text).toMatch(/\[DONE\]/)
    expect(text).not.toMatch(/error/)
  })

  test('once an answer has begun no other model follows, and the caller is told', async () => {
    model('a', 'cut=3&pace=5')
    policy({ rules: rules('a', 'b'), ...NO_RETRY })
    const { status, headers, text } = await call({ stream: true })
    expect([status, headers['x-penstock-model']]).toEqual([200, 'default/a'])
    expect(text).toMatch(/"error":\{/)
    expect(text).not.toMatch(/\[DONE\]/)
    expect(stats('b').calls.ok).toBe(0)
  })

  test('what the provider says of the request is not asked of another one', async () => {
    model('a', 'status=400')
    policy({ rules: rules('a', 'b'), ...NO_RETRY })
    expect(await answeredBy()).toBe(400)
    expect(stats('b').calls).toMatchObject({ ok: 0 })
  })

  test('the fallbacks come after the models of the rule', async () => {
    for (const name of ['a', 'b']) model(name, 'status=500')
    policy({
      rules: [{ models: [{ name: 'a' }] }],
      fallbacks: [{ name: 'b' }, { name: 'c' }],
      ...NO_RETRY,
    })
    expect(await answeredBy()).toBe('c')
  })

  test('a provider that has no words for a call is passed over', async () => {
    model('a', '', { dialect: 'Bedrock' })
    policy({ rules: rules('a', 'b') })
    const url = 'https://example.com/gate.png'
    const content = [{ type: 'image_url', image_url: { url } }]
    expect(await answeredBy({ messages: [{ role: 'user', content }] })).toBe('b')
  })
})

describe('retries', () => {
  test('all models are tried again', async () => {
    for (const name of ['a', 'b']) model(name, 'status=500&times=1')
    policy({ rules: rules('a', 'b'), retries: { attempts: 1, backoff: '10ms' } })
    expect(await answeredBy()).toBe('a')
    expect(stats('b').calls.failed).toBe(1)
  })

  test('no more often than the policy says', async () => {
    model('a', 'status=500')
    policy({ rules: rules('a'), retries: { attempts: 2, backoff: '1ms' } })
    expect(await answeredBy()).toBe(502)
    expect(stats('a').calls.failed).toBe(3)
  })

  test('not before the provider has said', async () => {
    model('a', 'status=429&retry-after=1&times=1')
    policy({ rules: rules('a'), retries: { attempts: 1, backoff: '1ms' } })
    const startedAt = performance.now()
    expect(await answeredBy()).toBe('a')
    expect(performance.now() - startedAt).toBeGreaterThan(900)
  })

  test('not when that is longer than anyone waits: the caller is told how long', async () => {
    model('a', 'status=429&retry-after=600')
    policy({ rules: rules('a'), retries: { attempts: 3 } })
    const { status, headers } = await call()
    expect([status, headers['retry-after']]).toEqual([429, '600'])
    expect(stats('a').calls.rate_limited).toBe(1)
  })

  test('not after a model that took too long', async () => {
    const timeouts = { requestMs: 10_000, firstTokenMs: 50, streamIdleMs: 50 }
    model('a', 'hang=head', { timeouts })
    policy({ rules: rules('a'), retries: { attempts: 3, backoff: '1ms' } })
    expect(await answeredBy({ stream: true })).toBe(504)
    expect(stats('a').calls.timeout).toBe(1)
  })

  test('one deadline is for all of them', async () => {
    model('a', 'status=500')
    policy({
      rules: rules('a'),
      retries: { attempts: 10, backoff: '200ms' },
      timeouts: { request: '300ms' },
    })
    expect(await answeredBy()).toBe(504)
    expect(stats('a').calls.failed).toBeLessThan(4)
  })

  test('a caller who leaves while they wait ends them', async () => {
    model('a', 'status=500')
    policy({ rules: rules('a'), retries: { attempts: 5, backoff: '5s' } })
    const abort = new AbortController()
    const body = { model: 'assistant', messages: [{ role: 'user', content: 'hello' }] }
    const pending = ai.call('/v1/chat/completions', { body, signal: abort.signal })
    await until('the first try', () => stats('a').calls.failed === 1)
    abort.abort()
    await expect(pending).rejects.toThrow()
    expect(stats('a').calls.failed).toBe(1)
  })
})

describe('the breaker', () => {
  test('a model that fails again and again is left alone, then tried once', async () => {
    model('a', 'status=500&times=2', { breaker: { failures: 2, cooldownMs: 150 } })
    policy({ rules: rules('a', 'b'), ...NO_RETRY })
    for (let left = 4; left > 0; left -= 1) expect(await answeredBy()).toBe('b')
    expect(stats('a').calls.failed).toBe(2)
    await until('it is tried again', async () => (await answeredBy()) === 'a')
  })

  test('a single model that is left alone says for how long', async () => {
    model('a', 'status=500', { breaker: { failures: 1, cooldownMs: 60_000 } })
    await call({ model: 'a' })
    const { status, headers } = await call({ model: 'a' })
    expect([status, Number(headers['retry-after'])]).toEqual([503, 60])
    expect(stats('a').calls.failed).toBe(1)
  })

  test('who comes while the only model rests is told why', async () => {
    model('a', 'status=429&retry-after=60')
    policy({ rules: rules('a'), ...NO_RETRY })
    expect(await answeredBy()).toBe(429)
    const { status, headers } = await call()
    expect([status, headers['retry-after']]).toEqual([429, '60'])
    expect(stats('a').calls.rate_limited).toBe(1)
  })

  test('however long a provider wants to be left alone, it is asked again before long', async () => {
    model('a', 'status=429&retry-after=999999999&times=1')
    await call({ model: 'a' })
    const { headers } = await call({ model: 'a' })
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
  })

  test('a provider that wants to be left alone is, while another one is there', async () => {
    model('a', 'status=429&retry-after=60')
    policy({ rules: rules('a', 'b'), ...NO_RETRY })
    for (let left = 3; left > 0; left -= 1) expect(await answeredBy()).toBe('b')
    expect(stats('a').calls.rate_limited).toBe(1)
  })
})

describe('strategies', () => {
  const count = async (calls: number, headers: (i: number) => Record<string, string>) => {
    const counts: Record<string, number> = {}
    for (let i = 0; i < calls; i += 1) {
      const name = String(await answeredBy({}, headers(i)))
      counts[name] = (counts[name] ?? 0) + 1
    }
    return counts
  }
  const weighted = [{ models: [{ name: 'a', weight: 3 }, { name: 'b' }, { name: 'c', weight: 0 }] }]

  test('by weight', async () => {
    policy({ rules: weighted })
    const { a = 0, b = 0, c = 0 } = await count(200, () => ({}))
    expect(c).toBe(0)
    expect(a / (a + b)).toBeGreaterThan(0.6)
    expect(a / (a + b)).toBeLessThan(0.9)
  })

  test('sticky: the same value reaches the same model, and values are spread by weight', async () => {
    policy({ rules: weighted, sticky: { by: 'Header', header: 'X-User' } })
    const first = await count(1, () => ({ 'x-user': 'u1' }))
    expect(await count(20, () => ({ 'x-user': 'u1' }))).toEqual({ [Object.keys(first)[0]!]: 20 })
    const { a = 0, b = 0 } = await count(150, (i) => ({ 'x-user': `user-${i}` }))
    expect(a / (a + b)).toBeGreaterThan(0.6)
    expect(b).toBeGreaterThan(0)
  })

  test('sticky by consumer', async () => {
    policy({ rules: weighted, sticky: { by: 'Consumer' } })
    expect(Object.keys(await count(20, () => ({})))).toHaveLength(1)
  })

  test('the cheapest first, one without a price last', async () => {
    model('a', '', { cost: { input: 9_000_000, output: 9_000_000 } })
    model('b', '', { cost: { input: 1_000_000, output: 1_000_000 } })
    policy({ rules: [{ strategy: 'Cheapest', models: ['c', 'a', 'b'].map((name) => ({ name })) }] })
    expect(await answeredBy()).toBe('b')
    model('b', 'status=500', { cost: { input: 1_000_000, output: 1_000_000 } })
    expect(await answeredBy()).toBe('a')
  })

  test('the fastest first, once each was tried', async () => {
    model('a', 'latency=80')
    model('b', 'latency=1')
    policy({ rules: [{ strategy: 'Fastest', models: [{ name: 'a' }, { name: 'b' }] }] })
    const first = [await answeredBy(), await answeredBy()]
    expect(first.sort()).toEqual(['a', 'b'])
    for (let left = 5; left > 0; left -= 1) expect(await answeredBy()).toBe('b')
  })
})

describe('conditions', () => {
  const when = (condition: string) =>
    policy({ rules: [{ when: condition, models: [{ name: 'a' }] }, { models: [{ name: 'b' }] }] })

  test.each<[string, object, Record<string, string>]>([
    ['caller.name == "alice" && caller.tenant == "default"', {}, {}],
    ['caller.team == ""', {}, {}],
    ['headers["x-plan"] == "gold"', {}, { 'x-plan': 'gold' }],
    ['tokens > 50', { messages: [{ role: 'user', content: 'word '.repeat(100) }] }, {}],
    ['maxTokens == 7', { max_tokens: 7 }, {}],
    ['stream', { stream: true }, {}],
    ['model == "assistant" && operation == "chat"', {}, {}],
    [
      'hasTools',
      { tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }] },
      {},
    ],
  ])('%s', async (condition, members, headers) => {
    when(condition)
    expect(await answeredBy(members, headers)).toBe('a')
    when(`!(${condition})`)
    expect(['b', 'a']).toContain(await answeredBy(members, headers))
    policy(
      {
        rules: [{ when: `!(${condition})`, models: [{ name: 'a' }] }, { models: [{ name: 'b' }] }],
      },
      2,
    )
    expect(await answeredBy(members, headers)).toBe('b')
  })

  test('one that cannot be evaluated is not true', async () => {
    when('headers["x-none"] == "gold"')
    expect(await answeredBy()).toBe('b')
  })

  test('what shows who calls is not to be seen', async () => {
    when('"authorization" in headers || "x-api-key" in headers')
    expect(await answeredBy()).toBe('b')
  })

  test('a call that no rule is for is refused', async () => {
    policy({ rules: [{ when: 'stream', models: [{ name: 'a' }] }] })
    expect(await answeredBy()).toBe(404)
  })
})

describe('sensitive data', () => {
  const sensitive = { messages: [{ role: 'user', content: 'write to jane.doe@example.org' }] }

  beforeEach(() => {
    model('c', '', { onPremise: true })
    policy({
      rules: rules('a', 'b', 'c'),
      sensitiveData: { types: ['Email'] },
      ...NO_RETRY,
    })
  })

  test('reaches models in house only', async () => {
    expect(await answeredBy(sensitive)).toBe('c')
    expect(await answeredBy()).toBe('a')
  })

  test('wherever in the call it is, and whatever is asked', async () => {
    const tool = { type: 'function', function: { name: 'f', description: 'ask jane@example.org' } }
    expect(await answeredBy({ tools: [tool] })).toBe('c')
    expect(await answeredBy({ prediction: { content: 'jane@example.org' } })).toBe('c')
    expect(await answeredBy({ n: 2, messages: sensitive.messages })).toBe('c')
    const body = { model: 'assistant', input: 'jane@example.org' }
    const { headers } = await ai.call('/v1/embeddings', { body })
    expect(headers['x-penstock-model']).toBe('default/c')
  })

  test('is refused when none is there, fallbacks or not', async () => {
    policy({ rules: rules('a'), fallbacks: [{ name: 'b' }], sensitiveData: {} }, 2)
    expect(await answeredBy(sensitive)).toBe(403)
    expect(ai.mock.seen).toEqual([])
  })

  test('does not reach another one when the one in house fails', async () => {
    model('c', 'status=500', { onPremise: true })
    expect(await answeredBy(sensitive)).toBe(502)
    expect(stats('a').calls.ok).toBe(0)
  })
})

describe('names', () => {
  test('a policy stands before the model of its name', async () => {
    ai.apply('LLMRoutingPolicy', 'a', { rules: rules('b') })
    expect(await answeredBy({ model: 'a' })).toBe('b')
  })

  test('a version that is pinned and not served counts as missing', async () => {
    model('a', '', { version: '2' })
    policy({
      rules: [{ strategy: 'Priority', models: [{ name: 'a', version: '1' }, { name: 'b' }] }],
    })
    expect(await answeredBy()).toBe('b')
    expect(ai.gateway.policies.get('LLMRoutingPolicy/default/assistant')?.problems).toEqual([
      { reason: 'ModelNotFound', message: 'version 1 of AIModelConfig a not found' },
    ])
    model('a', '', { version: '1' })
    expect(await answeredBy()).toBe('a@1')
    expect(ai.gateway.policies.get('LLMRoutingPolicy/default/assistant')?.problems).toEqual([])
  })

  test('it is no other tenant’s', async () => {
    policy({ rules: rules('a') })
    ai.gateway.consumers.set(toConsumerSecret('bob', 'key-of-bob', { tenant: 'shop' }))
    expect(await answeredBy({}, { authorization: 'Bearer key-of-bob' })).toBe(404)
  })

  test('it is listed among the models', async () => {
    policy({ rules: rules('a') })
    const { text } = await ai.call('/v1/models', { method: 'GET' })
    expect(JSON.parse(text).data.map(({ id }: { id: string }) => id)).toContain('assistant')
  })
})
