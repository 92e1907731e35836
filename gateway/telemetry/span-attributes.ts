import type { Attributes } from '@opentelemetry/api'
import type { CallRecord, TryRecord } from '../ai/call-record.ts'
import type { Outcome, Usage } from '../link/model-stats.ts'
import { toProviderName } from './gen-ai.ts'

/** https://github.com/open-telemetry/semantic-conventions/blob/v1.41.0/docs/gen-ai/gen-ai-spans.md */
const toUsageAttributes = (usage: Usage | undefined): Attributes => ({
  'gen_ai.usage.input_tokens': usage?.inputTokens,
  'gen_ai.usage.output_tokens': usage?.outputTokens,
  'gen_ai.usage.cache_read.input_tokens': usage?.cachedInputTokens,
  'gen_ai.usage.cache_creation.input_tokens': usage?.cacheWriteInputTokens,
  'gen_ai.usage.reasoning.output_tokens': usage?.reasoningTokens,
})

const toErrorAttributes = (outcome: Outcome): Attributes => ({
  'error.type': outcome === 'ok' ? undefined : outcome,
})

const MICRODOLLARS = 1_000_000

const countFindings = ({ findings }: CallRecord): number =>
  findings.reduce(
    (sum, { counts }) => Object.values(counts).reduce((all, count) => all + count, sum),
    0,
  )

/** How a call went, as its span tells it. */
export const toCallAttributes = (record: CallRecord): Attributes => {
  const { consumer, outcome, firstMs, cost, tries } = record
  const answered = outcome === 'ok' ? tries.at(-1)?.model.fragment.spec.model : undefined
  return {
    // Only ever said where it is so.
    'gen_ai.request.stream': record.isStream || undefined,
    'gen_ai.response.model': answered,
    'gen_ai.response.time_to_first_chunk': firstMs === undefined ? undefined : firstMs / 1000,
    ...toUsageAttributes(record.usage),
    ...toErrorAttributes(outcome),
    'penstock.request_id': record.requestId,
    'penstock.target': record.target,
    'penstock.consumer': consumer.name,
    'penstock.team': consumer.team,
    'penstock.tenant': consumer.tenant,
    'penstock.cause': record.cause,
    'penstock.cost_dollars': cost === undefined ? undefined : cost / MICRODOLLARS,
    'penstock.cache': record.cache,
    'penstock.findings': countFindings(record),
  }
}

/** How a try went, as its span tells it. */
export const toTryAttributes = ({ model, outcome, status, usage }: TryRecord): Attributes => {
  const { namespace, name, spec } = model.fragment
  return {
    'http.response.status_code': status || undefined,
    ...toUsageAttributes(usage),
    ...toErrorAttributes(outcome),
    'penstock.model': `${namespace}/${name}`,
    'penstock.model_version': spec.version,
  }
}

/** Who answered last; the gateway itself where no model was asked. */
export const toAnswerer = ({ tries }: CallRecord): string => {
  const last = tries.at(-1)
  return last ? toProviderName(last.model.fragment.spec.provider) : 'penstock'
}
