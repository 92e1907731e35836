import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { modelFragment } from '#test/fixtures/models.ts'
import type { CallRecord } from '../ai/call-record.ts'
import { createCallMetrics } from './call-metrics.ts'
import { toRecord, toTry } from './testing/call-records.ts'

const gpt = modelFragment({
  namespace: 'shop',
  name: 'gpt',
  provider: 'AzureOpenAI',
  model: 'gpt-5.2',
})
const local = modelFragment({ namespace: 'shop', name: 'local', provider: 'VLLM', model: 'qwen3' })

const start = () => {
  const registry = new Registry()
  const observe = createCallMetrics(registry)
  const read = async () => {
    const lines = (await registry.metrics()).split('\n')
    return lines.filter((line) => line && !line.startsWith('#') && !line.includes('_bucket'))
  }
  return { registry, observe, read }
}

const failedOver: CallRecord = toRecord({
  isStream: true,
  firstMs: 500,
  cost: 1250,
  cache: 'miss',
  tries: [
    toTry(gpt, { outcome: 'rate_limited', status: 429, durationMs: 30, usage: undefined }),
    toTry(local),
  ],
  findings: [
    { guardrail: 'pii', stage: 'Request', action: 'Mask', counts: { email: 2, iban: 1 } },
    { guardrail: 'topics', stage: 'Response', action: 'Audit', counts: { politics: 1 } },
  ],
})

test('tells calls as Prometheus reads them', async () => {
  const { registry, observe } = start()
  observe(failedOver)
  observe(toRecord({ cache: 'hit', durationMs: 2, consumer: { name: 'bob' } }))
  await expect(await registry.metrics()).toMatchFileSnapshot('goldens/calls.out.txt')
})

test('the cost of each team and tenant adds up', async () => {
  const { observe, read } = start()
  for (const team of ['red', 'red', 'blue']) {
    observe(toRecord({ consumer: { name: crypto.randomUUID(), team }, cost: 500_000 }))
  }
  observe(toRecord({ consumer: { name: 'bob' }, cost: 3 }))
  const costs = (await read()).filter((line) => line.startsWith('penstock_call_cost'))
  expect(costs).toEqual([
    'penstock_call_cost_dollars_total{team="red"} 1',
    'penstock_call_cost_dollars_total{team="blue"} 0.5',
    'penstock_call_cost_dollars_total 0.000003',
  ])
})

test('who calls is no label', async () => {
  const { registry, observe } = start()
  observe(failedOver)
  expect(await registry.metrics()).not.toContain('alice')
})

test('a model that was edited goes on in its series', async () => {
  const { observe, read } = start()
  for (const generation of [1, 2]) {
    observe(toRecord({ tries: [toTry({ ...gpt, generation })] }))
  }
  expect(await read()).toContain(
    'penstock_call_tries_total{namespace="shop",model="gpt",outcome="ok"} 2',
  )
})

test.each<[string, Partial<CallRecord>, RegExp]>([
  ['a stream that broke has no first token', { outcome: 'failed', firstMs: 5 }, /first_token/],
  ['a whole answer has no first token', {}, /first_token/],
  [
    'one token has none after it',
    {
      firstMs: 5,
      tries: [toTry(gpt, { usage: { inputTokens: 1, outputTokens: 1 } })],
    },
    /per_output_token/,
  ],
  [
    'vectors are no tokens',
    {
      operation: 'embeddings',
      tries: [toTry(gpt, { usage: { inputTokens: 8, outputTokens: 0 } })],
    },
    /gen_ai_token_type="output"/,
  ],
])('%s', async (_what, more, metric) => {
  const { observe, read } = start()
  observe(toRecord({ tries: [toTry(gpt)], ...more }))
  const lines = await read()
  expect(lines).toContain('penstock_call_tries_total{namespace="shop",model="gpt",outcome="ok"} 1')
  expect(lines.filter((line) => metric.test(line))).toEqual([])
})

test('numbers that are none are left out, and fail nothing', async () => {
  const { observe, read } = start()
  const tries = [toTry(gpt, { durationMs: Number.NaN })]
  observe(toRecord({ tries, cost: -1, firstMs: Number.POSITIVE_INFINITY }))
  observe(null as unknown as CallRecord)
  expect((await read()).map((line) => line.split('{')[0])).toEqual([
    'gen_ai_client_token_usage_sum',
    'gen_ai_client_token_usage_count',
    'gen_ai_client_token_usage_sum',
    'gen_ai_client_token_usage_count',
    'penstock_call_tries_total',
    'penstock_call_duration_seconds_sum',
    'penstock_call_duration_seconds_count',
  ])
})
