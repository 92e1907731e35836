import { Counter, Gauge, type Registry } from '@prometheus-io/client'
import type { LinkedModel } from '../link/linked-model.ts'
import { OUTCOMES } from '../link/model-stats.ts'
import type { ModelTable } from '../link/model-table.ts'

const forEachModel = (
  models: ModelTable,
  visit: (labels: { namespace: string; model: string }, linked: LinkedModel) => void,
): void => {
  for (const linked of models.values()) {
    const { namespace, name } = linked.fragment
    visit({ namespace, model: name }, linked)
  }
}

/** Metrics are read off the models' own counters when scraped. */
export const registerModelMetrics = (registry: Registry, models: ModelTable): void => {
  const registers = [registry]
  new Counter({
    name: 'penstock_model_calls_total',
    help: 'Calls of models that have ended, by outcome.',
    labelNames: ['namespace', 'model', 'outcome'],
    registers,
    collect() {
      this.reset()
      forEachModel(models, (labels, { stats }) => {
        for (const outcome of OUTCOMES) {
          const count = stats.calls[outcome]
          if (count > 0) this.inc({ ...labels, outcome }, count)
        }
      })
    },
  })
  new Counter({
    name: 'penstock_model_tokens_total',
    help: 'Tokens as providers counted them, by direction.',
    labelNames: ['namespace', 'model', 'direction'],
    registers,
    collect() {
      this.reset()
      forEachModel(models, (labels, { stats }) => {
        if (stats.inputTokens > 0) this.inc({ ...labels, direction: 'input' }, stats.inputTokens)
        if (stats.outputTokens > 0) this.inc({ ...labels, direction: 'output' }, stats.outputTokens)
      })
    },
  })
  new Gauge({
    name: 'llm_gateway_model_version_active',
    help: '1 for the version of each model that is served.',
    labelNames: ['namespace', 'model', 'version'],
    registers,
    collect() {
      this.reset()
      forEachModel(models, (labels, { fragment }) => {
        this.set({ ...labels, version: fragment.spec.version ?? '' }, 1)
      })
    },
  })
}
