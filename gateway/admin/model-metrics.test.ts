import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { modelFragment } from '#test/fixtures/models.ts'
import { countCall } from '../link/model-stats.ts'
import { createModelTable } from '../link/model-table.ts'
import { createSecretBook } from '../link/secret-book.ts'
import { registerModelMetrics } from './model-metrics.ts'

const start = () => {
  const registry = new Registry()
  const models = createModelTable(createSecretBook(() => undefined))
  registerModelMetrics(registry, models)
  const key = 'AIModelConfig/default/model'
  const read = async () =>
    (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('#'))
  return { models, key, read }
}

test('tells calls by outcome, tokens by direction, and the version that is served', async () => {
  const { models, key, read } = start()
  models.set(key, modelFragment({ version: 'v1' }))
  const { stats } = models.get(key)!
  countCall(stats, 'ok', { inputTokens: 3, outputTokens: 5 })
  countCall(stats, 'ok', { inputTokens: 4, outputTokens: 0 })
  countCall(stats, 'timeout', undefined)
  expect(await read()).toEqual([
    'penstock_model_calls_total{namespace="default",model="model",outcome="ok"} 2',
    'penstock_model_calls_total{namespace="default",model="model",outcome="timeout"} 1',
    'penstock_model_tokens_total{namespace="default",model="model",direction="input"} 7',
    'penstock_model_tokens_total{namespace="default",model="model",direction="output"} 5',
    'llm_gateway_model_version_active{namespace="default",model="model",version="v1"} 1',
  ])
})

test('counters outlive an edit, and a version that is no longer served is gone', async () => {
  const { models, key, read } = start()
  models.set(key, modelFragment({ version: 'v1' }))
  countCall(models.get(key)!.stats, 'ok', undefined)
  models.set(key, modelFragment({ version: 'v2', generation: 2 }))
  expect(await read()).toEqual([
    'penstock_model_calls_total{namespace="default",model="model",outcome="ok"} 1',
    'llm_gateway_model_version_active{namespace="default",model="model",version="v2"} 1',
  ])
  models.delete(key)
  expect(await read()).toEqual([])
})
