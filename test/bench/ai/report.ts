import { median, round } from '../stats.ts'
import { formatTable } from '../table.ts'
import type { ChatSample, StreamSample } from './measure.ts'

/** All runs of one peer. */
export interface PeerSamples {
  readonly peer: string
  readonly chat: ChatSample[]
  /** One stream at a time, with time between its events. */
  readonly paced: StreamSample[]
  /** Many at a time, without. */
  readonly burst: StreamSample[]
  /** Resident before the first call, in bytes. */
  readonly idleBytes: number
  bytesPerStream?: number
}

const medianOf = <S>(samples: readonly S[], key: keyof S & string): number =>
  median(samples.map((sample) => sample[key] as number))

const total = (samples: readonly { failed: number }[]): number =>
  samples.reduce((sum, { failed }) => sum + failed, 0)

const toFigures = (samples: PeerSamples, all: readonly PeerSamples[]) => {
  const { peer, chat, paced, burst, idleBytes, bytesPerStream = Number.NaN } = samples
  const rate = medianOf(chat, 'requestsPerSecond')
  const ratioTo = (name: string): number => {
    const other = all.find((each) => each.peer === name)
    return other ? round(rate / medianOf(other.chat, 'requestsPerSecond'), 1) : Number.NaN
  }
  const direct = all.find((each) => each.peer === 'direct')
  const ownFirst = direct ? medianOf(direct.paced, 'firstP50Ms') : Number.NaN
  return {
    peer,
    requestsPerSecond: Math.round(rate),
    cpuUsPerRequest: round(medianOf(chat, 'cpuUsPerRequest'), 1),
    p50Ms: round(medianOf(chat, 'p50Ms')),
    p99Ms: round(medianOf(chat, 'p99Ms')),
    toPortkey: ratioTo('portkey'),
    toLitellm: ratioTo('litellm'),
    addedFirstP50Ms: round(medianOf(paced, 'firstP50Ms') - ownFirst),
    firstP99Ms: round(medianOf(paced, 'firstP99Ms')),
    gapP50Ms: round(medianOf(paced, 'gapP50Ms')),
    gapP99Ms: round(medianOf(paced, 'gapP99Ms')),
    streamsPerSecond: Math.round(medianOf(burst, 'streamsPerSecond')),
    idleMegabytes: round(idleBytes / 1e6, 0),
    kilobytesPerStream: round(bytesPerStream / 1e3, 1),
    failed: total(chat) + total(paced) + total(burst),
  }
}

/** Figures for `--json`. */
export const toJson = (results: readonly PeerSamples[]) =>
  results.map((samples) => toFigures(samples, results))

type Figures = ReturnType<typeof toFigures>

const CHAT: readonly [string, keyof Figures][] = [
  ['req/s', 'requestsPerSecond'],
  ['CPU µs', 'cpuUsPerRequest'],
  ['p50 ms', 'p50Ms'],
  ['p99 ms', 'p99Ms'],
  ['× portkey', 'toPortkey'],
  ['× litellm', 'toLitellm'],
  ['failed', 'failed'],
]
const STREAM: readonly [string, keyof Figures][] = [
  ['added to first, p50 ms', 'addedFirstP50Ms'],
  ['first p99 ms', 'firstP99Ms'],
  ['gap p50 ms', 'gapP50Ms'],
  ['gap p99 ms', 'gapP99Ms'],
  ['streams/s', 'streamsPerSecond'],
  ['idle MB', 'idleMegabytes'],
  ['KB a stream', 'kilobytesPerStream'],
]

const cell = (value: number | string): string =>
  typeof value === 'number' && !Number.isFinite(value) ? '-' : String(value)

/** The same for people. */
export const toText = (results: readonly PeerSamples[]): string => {
  const figures = toJson(results)
  const table = (columns: readonly [string, keyof Figures][]): string =>
    formatTable(
      ['peer', ...columns.map(([heading]) => heading)],
      figures.map((row) => [row.peer, ...columns.map(([, key]) => cell(row[key]))]),
    )
  return `Answers as a whole\n\n${table(CHAT)}\n\nStreams\n\n${table(STREAM)}\n`
}
