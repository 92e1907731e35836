import type { Outcome, Usage } from '../link/model-stats.ts'
import type { AiContext } from './ai-context.ts'
import type { ModelCall } from './model-exchange.ts'

/** How a call went. */
export interface CallResult {
  readonly outcome: Outcome
  readonly durationMs: number
  /** Until the first event of a stream. */
  readonly firstMs: number | undefined
  readonly usage: Usage | undefined
  /** Of the provider's answer; 0 for none. */
  readonly status: number
  /** Why there is no answer. */
  readonly cause: string | undefined
}

/** One line for each call, without what was asked or answered. */
export const logCall = ({ log }: AiContext, call: ModelCall, result: CallResult): void => {
  if (!log.isLevelEnabled('info')) return
  const { model, consumer, operation, isStream, requestId } = call
  const { namespace, name, spec } = model.fragment
  const { outcome, durationMs, firstMs, usage, status, cause } = result
  const line = {
    requestId,
    model: `${namespace}/${name}`,
    version: spec.version,
    consumer: consumer.name,
    team: consumer.team,
    tenant: consumer.tenant,
    operation,
    stream: isStream,
    outcome,
    cause,
    providerStatus: status || undefined,
    durationMs: Math.round(durationMs),
    firstTokenMs: firstMs === undefined ? undefined : Math.round(firstMs),
    ...usage,
  }
  log.info(line, 'model called')
}
