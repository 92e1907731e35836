import {
  Histogram,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from '@prometheus-io/client'
import type { Add, Attributes } from './instruments.ts'

interface Series {
  readonly labels: Attributes
  /** Of each bucket alone; the last one has no bound. */
  readonly counts: number[]
  sum: number
}

type Exposed = MetricObjectWithValues<MetricValueWithName<string>>

/** A histogram whose series are added to without a lookup: only being scraped costs. */
export class SeriesHistogram extends Histogram<string> {
  readonly #header: Pick<Exposed, 'name' | 'help'>
  readonly #bounds: readonly number[]
  readonly #series: Series[] = []

  constructor(config: ConstructorParameters<typeof Histogram<string>>[0]) {
    super(config)
    const { name, help, buckets = [] } = config
    this.#header = { name, help }
    this.#bounds = buckets
  }

  /** @returns what adds to the series of these labels, which nobody has asked for before */
  createSeries(labels: Attributes): Add {
    const bounds = this.#bounds
    const counts = new Array<number>(bounds.length + 1).fill(0)
    const series: Series = { labels, counts, sum: 0 }
    this.#series.push(series)
    return (value) => {
      let bucket = 0
      while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1
      counts[bucket] = (counts[bucket] ?? 0) + 1
      series.sum += value
    }
  }

  override async get(): Promise<Exposed> {
    const values = this.#series.flatMap((series) => this.#expose(series))
    return { ...this.#header, ...{ type: 'histogram', aggregator: 'sum', values } } as Exposed
  }

  /** What the registry asks for the text of. */
  getForPromString(): Promise<Exposed> {
    return this.get()
  }

  #expose({ labels, counts, sum }: Series): MetricValueWithName<string>[] {
    const { name } = this.#header
    let total = 0
    const buckets = counts.map((count, index) => {
      total += count
      const le = this.#bounds[index] ?? '+Inf'
      return { labels: { le, ...labels }, value: total, metricName: `${name}_bucket` }
    })
    // A series that nobody has added to says nothing.
    if (total === 0) return []
    return [
      ...buckets,
      { labels, value: sum, metricName: `${name}_sum` },
      { labels, value: total, metricName: `${name}_count` },
    ]
  }
}
