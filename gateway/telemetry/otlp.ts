import { setTimeout as delay } from 'node:timers/promises'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { createCallRecorder } from './call-recorder.ts'
import { createCallSpans } from './call-spans.ts'
import { createOtlpMeter } from './otlp-meter.ts'
import type { Telemetry, TelemetryOptions } from './telemetry.ts'
import { watchExports } from './watch-exports.ts'

const SCOPE = 'penstock'
const TIMEOUT_MS = 5000
/** More spans than that are dropped: a collector that is away must not fill the memory. */
const MAX_SPANS = 4096
const MAX_BATCH = 512
/** On shutdown all batches are sent at once, beside the one that may be on its way. */
const MAX_EXPORTS = MAX_SPANS / MAX_BATCH + 1
const METRICS_INTERVAL_MS = 30_000

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
const toUrl = (endpoint: string, signal: 'traces' | 'metrics'): string => {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`
  return url.href
}

const toResource = ({ serviceName, serviceVersion, instanceId }: TelemetryOptions) =>
  defaultResource().merge(
    resourceFromAttributes({
      'service.name': serviceName,
      'service.version': serviceVersion,
      'service.instance.id': instanceId,
    }),
  )

/** Starts to export what is told of calls to a collector. */
export const startOtlp = (endpoint: string, options: TelemetryOptions): Telemetry => {
  const { headers, sampleRatio, serviceVersion, timeoutMs = TIMEOUT_MS, log } = options
  const resource = toResource(options)
  const common = { headers, timeoutMillis: timeoutMs, concurrencyLimit: MAX_EXPORTS }
  const spans = new OTLPTraceExporter({ ...common, url: toUrl(endpoint, 'traces') })
  const tracing = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: watchExports(spans, 'spans', log),
        maxQueueSize: MAX_SPANS,
        maxExportBatchSize: MAX_BATCH,
      }),
    ],
  })
  const numbers = new OTLPMetricExporter({ ...common, url: toUrl(endpoint, 'metrics') })
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: watchExports(numbers, 'metrics', log),
        exportIntervalMillis: METRICS_INTERVAL_MS,
        exportTimeoutMillis: METRICS_INTERVAL_MS,
      }),
    ],
  })
  return {
    observers: [
      createCallSpans(tracing.getTracer(SCOPE, serviceVersion)),
      createCallRecorder(createOtlpMeter(metrics.getMeter(SCOPE, serviceVersion))),
    ],
    async shutdown() {
      const sent = Promise.allSettled([tracing.shutdown(), metrics.shutdown()])
      await Promise.race([sent, delay(timeoutMs, undefined, { ref: false })])
    },
  }
}
