import { median, round } from '../stats.ts'
import { formatTable } from '../table.ts'
import type { Sample } from './measure.ts'

/** All runs of one peer under one load. */
export interface Series {
  readonly peer: string
  readonly samples: readonly Sample[]
}

/** All peers under one load. */
export interface ScenarioResult {
  readonly scenario: string
  readonly series: readonly Series[]
}

const medianOf = ({ samples }: Series, key: keyof Sample): number =>
  median(samples.map((sample) => sample[key]))

const rate = (series: Series | undefined): number =>
  series ? medianOf(series, 'requestsPerSecond') : Number.NaN

/** The medians of one peer, and what they are of the others' medians. */
const toFigures = (series: Series, all: readonly Series[]) => {
  const rates = series.samples.map(({ requestsPerSecond }) => requestsPerSecond)
  const ratioTo = (peer: string) =>
    round(rate(series) / rate(all.find((other) => other.peer === peer)))
  return {
    peer: series.peer,
    requestsPerSecond: Math.round(rate(series)),
    slowest: Math.round(Math.min(...rates)),
    fastest: Math.round(Math.max(...rates)),
    cpuUsPerRequest: round(medianOf(series, 'cpuUsPerRequest'), 1),
    coreShare: round(medianOf(series, 'coreShare')),
    p50Ms: round(medianOf(series, 'p50Ms')),
    p99Ms: round(medianOf(series, 'p99Ms')),
    failed: series.samples.reduce((sum, { failed }) => sum + failed, 0),
    toNginx: ratioTo('nginx'),
    toEnvoy: ratioTo('envoy'),
  }
}

/** Figures for `--json`. */
export const toJson = (results: readonly ScenarioResult[]) =>
  results.map(({ scenario, series }) => ({
    scenario,
    peers: series.map((each) => toFigures(each, series)),
  }))

const HEADINGS = [
  'peer',
  'req/s',
  'range',
  'CPU µs',
  'core',
  'p50 ms',
  'p99 ms',
  'failed',
  '× nginx',
  '× envoy',
]

const cell = (value: number, unit = ''): string =>
  Number.isFinite(value) ? `${value}${unit}` : '-'

/** The same for people. */
export const toText = (results: readonly ScenarioResult[]): string =>
  toJson(results)
    .map(({ scenario, peers }) => {
      const rows = peers.map((row) => [
        row.peer,
        cell(row.requestsPerSecond),
        `${row.slowest}-${row.fastest}`,
        cell(row.cpuUsPerRequest),
        cell(Math.round(row.coreShare * 100), '%'),
        cell(row.p50Ms),
        cell(row.p99Ms),
        cell(row.failed),
        cell(row.toNginx),
        cell(row.toEnvoy),
      ])
      return `${scenario}\n\n${formatTable(HEADINGS, rows)}\n`
    })
    .join('\n')
