import { Counter, type Registry } from '@prometheus-io/client'
import type { Add, Attributes, Instrument, Meter } from './instruments.ts'
import { SeriesHistogram } from './series-histogram.ts'

/** What is more than that is added up in one series, as the OpenTelemetry SDKs do. */
const MAX_SERIES = 2000
const OVERFLOW = 'otel.metric.overflow'
const OVERFLOWN: Attributes = { [OVERFLOW]: 'true' }

/** https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/ */
const toLabel = (name: string): string => name.replaceAll('.', '_')

const toName = ({ name, unit, boundaries }: Instrument): string =>
  `${toLabel(name)}${unit === 's' ? '_seconds' : ''}${boundaries ? '' : '_total'}`

const toLabels = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [toLabel(name), value]))

const createMetric = (
  registry: Registry,
  instrument: Instrument,
): ((labels: Attributes) => Add) => {
  const { help, attributes, boundaries } = instrument
  const config = {
    name: toName(instrument),
    help,
    labelNames: [...attributes, OVERFLOW].map(toLabel),
    registers: [registry],
  }
  if (boundaries) {
    const histogram = new SeriesHistogram({ ...config, buckets: [...boundaries] })
    return (labels) => histogram.createSeries(labels)
  }
  const totals: { readonly labels: Attributes; value: number }[] = []
  new Counter({
    ...config,
    collect() {
      this.reset()
      for (const { labels, value } of totals) if (value > 0) this.inc(labels, value)
    },
  })
  return (labels) => {
    const total = { labels, value: 0 }
    totals.push(total)
    return (value) => {
      total.value += value
    }
  }
}

/** Adds only what is a number that a metric can take: anything else would throw. */
const guard =
  (add: Add): Add =>
  (value) => {
    if (Number.isFinite(value) && value >= 0) add(value)
  }

/** Numbers for the registry that Prometheus scrapes. */
export const createPrometheusMeter = (registry: Registry): Meter => ({
  create(instrument) {
    const createSeries = createMetric(registry, instrument)
    const known = new Map<string, Add>()
    const find = (attributes: Attributes): Add => {
      const key = JSON.stringify(attributes)
      const before = known.get(key)
      if (before) return before
      if (known.size >= MAX_SERIES && attributes !== OVERFLOWN) return find(OVERFLOWN)
      const add = guard(createSeries(toLabels(attributes)))
      known.set(key, add)
      return add
    }
    return find
  },
})
