import type { Log } from '#lib/telemetry/log.ts'
import type { UpstreamTarget } from './http1/contract.ts'
import type { UpstreamFault } from './http1/error.ts'

/** A target that stays away is told of so often. */
const INTERVAL_MS = 10_000
const MAX_TARGETS = 1000

/** Logs which targets cannot be reached, and why, without a line for each request that fails. */
export const createUnreachedLog = (log: Log, now: () => number) => {
  const toldAt = new Map<string, number>()
  return ({ host, port }: UpstreamTarget, fault: UpstreamFault): void => {
    const target = `${host}:${port}`
    const last = toldAt.get(target)
    if (last !== undefined && now() - last < INTERVAL_MS) return
    if (toldAt.size >= MAX_TARGETS) toldAt.clear()
    toldAt.set(target, now())
    log.warn({ target, code: fault.code, err: fault.cause }, 'upstream not reached')
  }
}
