import { readCpuSeconds } from '../processes.ts'
import { CORES, type RunningPeer } from '../start-peer.ts'
import { applyLoad, type Load } from './load.ts'

/** One run of one peer. */
export interface Sample {
  readonly requestsPerSecond: number
  /** User and system time of the process under test; NaN where there is none. */
  readonly cpuUsPerRequest: number
  /** How much of its core the process had: well below 1, something else was the limit. */
  readonly coreShare: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failed: number
}

/** Loads a peer for so many seconds. */
export const measure = async (peer: RunningPeer, load: Load, seconds: number): Promise<Sample> => {
  const cpu = () => (peer.pid === undefined ? Number.NaN : readCpuSeconds(peer.pid))
  const before = cpu()
  const report = await applyLoad(load, { port: peer.port, core: CORES.load, seconds })
  const used = cpu() - before
  const duration = report.durationUs / 1e6
  return {
    requestsPerSecond: report.requests / duration,
    cpuUsPerRequest: (used * 1e6) / report.requests,
    coreShare: used / duration,
    p50Ms: report.p50Us / 1000,
    p99Ms: report.p99Us / 1000,
    failed: report.failed,
  }
}
