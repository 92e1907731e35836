import type { Log } from '#lib/telemetry/log.ts'
import type { CallObserver } from './call-record.ts'

/** One line for each call, without what was asked or answered. */
export const createCallLog =
  (log: Log): CallObserver =>
  (record) => {
    if (!log.isLevelEnabled('info')) return
    const { consumer, usage, tries, firstMs, durationMs } = record
    const last = tries.at(-1)
    const { namespace, name, spec } = last?.model.fragment ?? {}
    const line = {
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
    }
    log.info(line, 'model called')
  }
