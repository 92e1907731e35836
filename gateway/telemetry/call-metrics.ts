import type { Registry } from '@prometheus-io/client'
import type { CallObserver } from '../ai/call-record.ts'
import { createCallRecorder } from './call-recorder.ts'
import { createPrometheusMeter } from './prometheus-meter.ts'

/** Metrics of calls, for the registry that Prometheus scrapes. */
export const createCallMetrics = (registry: Registry): CallObserver =>
  createCallRecorder(createPrometheusMeter(registry))
