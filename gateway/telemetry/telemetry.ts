import type { Log } from '#lib/telemetry/log.ts'
import type { CallObserver } from '../ai/call-record.ts'

export interface TelemetryOptions {
  /** Base URL of a collector that speaks OTLP over HTTP; without it nothing is exported. */
  readonly endpoint: string | undefined
  /** Sent with each export, beside those of `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers: Readonly<Record<string, string>>
  /** Of the calls whose caller has not decided, from 0 to 1. */
  readonly sampleRatio: number
  readonly serviceName: string
  readonly serviceVersion: string
  readonly instanceId: string
  /** For one export, and for the last ones on shutdown. */
  readonly timeoutMs?: number
  readonly log: Log
}

/** What exports to a collector. */
export interface Telemetry {
  readonly observers: readonly CallObserver[]
  /** Sends what is left, as far as that goes in time; never fails. */
  shutdown(): Promise<void>
}

/** Creates what exports traces and metrics of calls; what that takes is loaded only if it is used. */
export const createTelemetry = async (options: TelemetryOptions): Promise<Telemetry> => {
  const { endpoint } = options
  if (!endpoint) return { observers: [], shutdown: async () => {} }
  const { startOtlp } = await import('./otlp.ts')
  return startOtlp(endpoint, options)
}
