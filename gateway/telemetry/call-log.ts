import type { Log } from '#lib/telemetry/log.ts'
import type { CallObserver, CallRecord } from '../ai/call-record.ts'

const toLine = (record: CallRecord): object => {
  const { consumer, usage, tries, firstMs, durationMs, findings } = record
  const last = tries.at(-1)
  const { namespace, name, spec } = last?.model.fragment ?? {}
  return {
    requestId: record.requestId,
    target: record.target,
    model: last && `${namespace}/${name}`,
    version: spec?.version,
    consumer: consumer.name,
    team: consumer.team,
    tenant: consumer.tenant,
    operation: record.operation,
    stream: record.isStream,
    outcome: record.outcome,
    cause: record.cause,
    tries: tries.length,
    providerStatus: last?.status || undefined,
    durationMs: Math.round(durationMs),
    firstTokenMs: firstMs === undefined ? undefined : Math.round(firstMs),
    ...usage,
    cost: record.cost,
    cache: record.cache,
    findings: findings.length > 0 ? findings : undefined,
  }
}

/** One line for each call, without what was asked or answered. */
export const createCallLog =
  (log: Log): CallObserver =>
  (record) => {
    if (log.isLevelEnabled('info')) log.info(toLine(record), 'model called')
  }
