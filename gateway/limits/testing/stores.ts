import { randomUUID } from 'node:crypto'
import { createClient } from 'redis'
import type { LimitStore } from '../limit-store.ts'
import { createLocalStore } from '../local-store.ts'
import { createRedisStore, type RedisScripts } from '../redis-store.ts'
import { TEST_REDIS } from './test-redis.ts'

/** Several replicas, and what ends them. */
export interface Replicas {
  readonly stores: readonly LimitStore[]
  close(): void
}

const connect = async (): Promise<RedisScripts & { close(): void }> => {
  const client = createClient(TEST_REDIS === undefined ? {} : { url: TEST_REDIS })
  await client.connect()
  return {
    evalSha: (sha1, options) => client.evalSha(sha1, options),
    eval: (script, options) => client.eval(script, options),
    close: () => client.destroy(),
  }
}

/** Every kind of store, and how several replicas come to the same counters. */
export const STORES = [
  {
    name: 'local',
    isSkipped: false,
    open: async (): Promise<Replicas> => ({ stores: [createLocalStore()], close: () => {} }),
  },
  {
    name: 'Redis',
    isSkipped: TEST_REDIS === undefined,
    open: async (): Promise<Replicas> => {
      const clients = [await connect(), await connect()]
      return {
        stores: clients.map(createRedisStore),
        close: () => {
          for (const client of clients) client.close()
        },
      }
    },
  },
]

/** A key that no other test has, nor an earlier run. */
export const toTestKey = (name: string): string => `${name}-${randomUUID()}`
