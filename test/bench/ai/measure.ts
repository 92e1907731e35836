import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Agent, request } from 'undici'
import { readCpuSeconds, readResidentBytes } from '../processes.ts'
import { loadReport } from '../proxy/load.ts'
import { CORES } from '../start-peer.ts'
import { quantile } from '../stats.ts'
import type { RunningAiPeer } from './peers/peer.ts'
import { streamReport } from './stream-client.ts'

const run = promisify(execFile)

const CHAT_SCRIPT = join(import.meta.dirname, 'chat.lua')
const STREAM_CLIENT = join(import.meta.dirname, 'stream-client.ts')
const CONNECTIONS = 64
const MAX_OUTPUT_BYTES = 256 << 20

/** A run of answers that come as a whole. */
export interface ChatSample {
  readonly requestsPerSecond: number
  readonly cpuUsPerRequest: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
}

/** A run of streams. */
export interface StreamSample {
  readonly streamsPerSecond: number
  readonly firstP50Ms: number
  readonly firstP99Ms: number
  readonly gapP50Ms: number
  readonly gapP99Ms: number
  readonly failed: number
}

const QUESTION = 'How high is the water above the gate today?'

const toBody = (peer: RunningAiPeer, model: string, members: object = {}): string =>
  JSON.stringify({
    model: peer.toModel(model),
    messages: [{ role: 'user', content: QUESTION }],
    temperature: 0.2,
    ...members,
  })

const readCpu = ({ pid }: RunningAiPeer): number =>
  pid === undefined ? Number.NaN : readCpuSeconds(pid)

/** Loads a peer with wrk: one thread, 64 connections, each with one request at a time. */
export const measureChat = async (
  peer: RunningAiPeer,
  model: string,
  seconds: number,
): Promise<ChatSample> => {
  const before = readCpu(peer)
  const { stdout } = await run('taskset', [
    ...['-c', String(CORES.load), 'wrk', '-t1', `-c${CONNECTIONS}`, `-d${seconds}s`],
    ...['--timeout', '10s', '-s', CHAT_SCRIPT, `http://127.0.0.1:${peer.port}/`, '--'],
    ...[toBody(peer, model), ...Object.entries(peer.headers).flat()],
  ])
  const used = readCpu(peer) - before
  const report = loadReport.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  return {
    requestsPerSecond: report.requests / (report.durationUs / 1e6),
    cpuUsPerRequest: (used * 1e6) / report.requests,
    p50Ms: report.p50Us / 1000,
    p99Ms: report.p99Us / 1000,
    failed: report.failed,
  }
}

/** Reads so many streams at a time, for so many seconds. */
export const measureStreams = async (
  peer: RunningAiPeer,
  model: string,
  { concurrency, seconds }: { concurrency: number; seconds: number },
): Promise<StreamSample> => {
  const plan = {
    url: `http://127.0.0.1:${peer.port}/v1/chat/completions`,
    headers: { ...peer.headers, 'content-type': 'application/json' },
    body: toBody(peer, model, { stream: true }),
    concurrency,
    seconds,
  }
  const { stdout } = await run(
    'taskset',
    ['-c', String(CORES.load), process.execPath, STREAM_CLIENT, JSON.stringify(plan)],
    { maxBuffer: MAX_OUTPUT_BYTES },
  )
  const report = streamReport.parse(JSON.parse(stdout))
  return {
    streamsPerSecond: report.streams / report.seconds,
    firstP50Ms: quantile(report.firstMs, 0.5),
    firstP99Ms: quantile(report.firstMs, 0.99),
    gapP50Ms: quantile(report.gapsMs, 0.5),
    gapP99Ms: quantile(report.gapsMs, 0.99),
    failed: report.failed,
  }
}

/** Resident memory of a peer; NaN where there is none. */
export const measureIdle = ({ pid }: RunningAiPeer): number =>
  pid === undefined ? Number.NaN : readResidentBytes(pid)

/**
 * What each of so many open streams takes, in bytes.
 * @param model one whose streams stop for ever after some events
 */
export const measureStreamBytes = async (
  peer: RunningAiPeer,
  model: string,
  streams: number,
): Promise<number> => {
  const before = measureIdle(peer)
  const dispatcher = new Agent({ connections: streams, bodyTimeout: 0, headersTimeout: 0 })
  const abort = new AbortController()
  const open = async (): Promise<void> => {
    const response = await request(`http://127.0.0.1:${peer.port}/v1/chat/completions`, {
      method: 'POST',
      dispatcher,
      headers: { ...peer.headers, 'content-type': 'application/json' },
      body: toBody(peer, model, { stream: true }),
      signal: abort.signal,
    })
    response.body.on('error', () => undefined)
    await new Promise((resolve) => response.body.once('data', resolve))
  }
  await Promise.all(Array.from({ length: streams }, open))
  const bytes = measureIdle(peer) - before
  abort.abort()
  await dispatcher.destroy()
  return bytes / streams
}
