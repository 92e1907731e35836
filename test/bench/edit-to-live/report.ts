import { round, type Summary } from '../stats.ts'
import { formatTable } from '../table.ts'
import type { BurstResult } from './burst.ts'
import type { MemoryResult } from './memory.ts'
import type { OneByOneResult } from './one-by-one.ts'

export interface EditToLiveReport {
  readonly target: string
  readonly replicas: number
  readonly oneByOne: readonly (OneByOneResult & { readonly routes: number })[]
  readonly burst?: BurstResult
  readonly memory?: MemoryResult
}

const ms = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '-')

const toRow = (name: string, { mean, p50, p99, max, count }: Summary): string[] => [
  name,
  String(count),
  ...[mean, p50, p99, max].map(ms),
]
const HEADINGS = ['ms', 'count', 'mean', 'p50', 'p99', 'max']

const oneByOneText = (result: EditToLiveReport['oneByOne'][number]): string => {
  const { routes, create, change, all, live, stages } = result
  const times = [toRow('create', create), toRow('change', change), toRow('all', all)]
  const text = `One by one, routes: ${routes}\n\n${formatTable(HEADINGS, times)}\n`
  // A peer does not tell what happens within.
  if (stages.every(({ count }) => count === 0)) return text
  const rows = [...stages.map((stage) => toRow(stage.stage, stage)), toRow('until live', live)]
  return `${text}
${formatTable(HEADINGS, rows)}

For one edit: ${result.fragmentWritesPerEdit.toFixed(2)} fragments compiled and written, ${Math.round(result.bytesPerEdit)} bytes, ${result.statusWritesPerEdit.toFixed(2)} status writes
`
}

/** The mean with the most routes over that with the fewest; undefined of one measurement. */
const growth = ({ oneByOne }: EditToLiveReport): number | undefined => {
  const [first, last] = [oneByOne[0], oneByOne.at(-1)]
  return first && last && first !== last ? last.all.mean / first.all.mean : undefined
}

const burstText = (burst: BurstResult): string => `Burst of ${burst.creates} creates

answered within ${ms(burst.answeredWithinMs)} ms; after the last answer all live ${ms(burst.allLiveAfterMs)} ms, all seen ${ms(burst.allSeenAfterMs)} ms

${formatTable(HEADINGS, [toRow('each live', burst.eachLive)])}

status writes of one route: ${burst.statusWrites.mean.toFixed(2)} mean, ${burst.statusWrites.max} at most
`

const memoryText = ({ routes, bytes, bytesPerRoute }: MemoryResult): string =>
  `A gateway with ${routes} routes: ${Math.round(bytes / 1e6)} MB resident, ${Math.round(bytesPerRoute)} bytes a route\n`

/** For people. */
export const toText = (report: EditToLiveReport): string => {
  const ratio = growth(report)
  return [
    `Edit to live, target ${report.target}, gateway replicas: ${report.replicas}\n`,
    ...report.oneByOne.map(oneByOneText),
    ...(ratio === undefined ? [] : [`Most over fewest routes, mean: ${ratio.toFixed(2)}\n`]),
    ...(report.burst ? [burstText(report.burst)] : []),
    ...(report.memory ? [memoryText(report.memory)] : []),
  ].join('\n')
}

/** For `--json`; milliseconds, bytes and counts. */
export const toJson = (report: EditToLiveReport): string =>
  JSON.stringify(
    { ...report, growth: growth(report) },
    (_key, value: unknown) => (typeof value === 'number' ? round(value, 3) : value),
    2,
  )
