import type { Meter as OtelMeter } from '@opentelemetry/api'
import type { Add, Attributes, Instrument, Meter } from './instruments.ts'

const createMetric = (
  meter: OtelMeter,
  { name, unit, help: description, boundaries }: Instrument,
): ((value: number, attributes: Attributes) => void) => {
  if (!boundaries) {
    const counter = meter.createCounter(name, { unit, description })
    return (value, attributes) => counter.add(value, attributes)
  }
  const advice = { explicitBucketBoundaries: [...boundaries] }
  const histogram = meter.createHistogram(name, { unit, description, advice })
  return (value, attributes) => histogram.record(value, attributes)
}

/** Numbers for a collector. */
export const createOtlpMeter = (meter: OtelMeter): Meter => ({
  create(instrument) {
    const add = createMetric(meter, instrument)
    return (attributes): Add =>
      (value) => {
        // The SDK makes nothing of these but a mess of its sums.
        if (Number.isFinite(value) && value >= 0) add(value, attributes)
      }
  },
})
