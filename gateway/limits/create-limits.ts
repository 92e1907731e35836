import type { Log } from '#lib/telemetry/log.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { createLocalStore } from './local-store.ts'
import { connectRedis } from './redis-client.ts'
import { createRedisStore } from './redis-store.ts'

/** A store that is gone is gone for every call: one line in this time is enough. */
const LOG_INTERVAL_MS = 10_000

const createErrorLog = (log: Log) => {
  let toldAt = Number.NEGATIVE_INFINITY
  return (error: unknown): void => {
    if (performance.now() - toldAt < LOG_INTERVAL_MS) return
    toldAt = performance.now()
    log.warn({ err: error }, 'limits: the shared store does not answer')
  }
}

/**
 * What counts what is limited: in Redis for all replicas together, or in this one.
 * @param redisUrl undefined for this one
 */
export const createLimits = (
  redisUrl: string | undefined,
  log: Log,
): { readonly limiter: Limiter; close(): void } => {
  const local = createLocalStore()
  const onStoreError = createErrorLog(log)
  if (redisUrl === undefined) {
    return { limiter: createLimiter({ store: local, local, onStoreError }), close: () => undefined }
  }
  const connection = connectRedis(redisUrl, onStoreError)
  const store = createRedisStore(connection)
  return { limiter: createLimiter({ store, local, onStoreError }), close: connection.close }
}
