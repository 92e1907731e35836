import { createClient } from 'redis'
import type { RedisScripts } from './redis-store.ts'

export interface RedisConnection extends RedisScripts {
  close(): void
}

/**
 * Connects to Redis, again and again for as long as it is not there; meanwhile every command fails
 * at once.
 *
 * @param url `redis[s]://[[username][:password]@][host][:port][/db]`
 * @param onError is told of every try that fails
 */
export const connectRedis = (url: string, onError: (error: unknown) => void): RedisConnection => {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // Where a connection hangs, what waits on it must not grow for as long as that lasts.
    commandsQueueMaxLength: 10_000,
    socket: { connectTimeout: 2000, reconnectStrategy: (tries) => Math.min(tries * 100, 1000) },
  })
  client.on('error', onError)
  client.connect().catch(onError)
  return {
    evalSha: (sha1, options) => client.evalSha(sha1, options),
    eval: (script, options) => client.eval(script, options),
    close: () => client.destroy(),
  }
}
