import { hash } from 'node:crypto'
import { z } from 'zod'
import { type Claim, type LimitStore, toCounterKey } from './limit-store.ts'

interface ScriptOptions {
  keys: string[]
  arguments: string[]
}

/** The part of a client of Redis that is used here; one of a cluster has it too. */
export interface RedisScripts {
  evalSha(sha1: string, options: ScriptOptions): Promise<unknown>
  eval(script: string, options: ScriptOptions): Promise<unknown>
}

/**
 * For each key three arguments: what to add, the most that may be there then, and how long to keep
 * it. It replies with the number of the first key where that does not fit, and changes nothing; or
 * with 0 and what is there now. Numbers of Lua are doubles: exact below 2^53, where a sum stays.
 */
const SCRIPT = `local used = {}
for i, key in ipairs(KEYS) do
  used[i] = tonumber(redis.call('GET', key) or '0')
  if tonumber(ARGV[3 * i - 2]) > tonumber(ARGV[3 * i - 1]) - used[i] then
    return { i }
  end
end
local reply = { 0 }
for i, key in ipairs(KEYS) do
  local sum = used[i] + tonumber(ARGV[3 * i - 2])
  sum = math.max(0, math.min(sum, ${Number.MAX_SAFE_INTEGER}))
  reply[i + 1] = string.format('%.0f', sum)
  redis.call('SET', key, reply[i + 1], 'PX', ARGV[3 * i])
end
return reply`

const SHA1 = hash('sha1', SCRIPT)

// Sums are text: the client's own decoder of integers is off by one near 2^53.
const reply = z.tuple([z.int()], z.string().transform(Number).pipe(z.int()))

/** All keys are of one slot of a cluster: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags */
const PREFIX = '{penstock}limit:'

/** How long a counter is kept after its window, for calls that end late. */
const KEEP_MS = 3_600_000

const isScriptUnknown = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('NOSCRIPT')

const runScript = async (redis: RedisScripts, options: ScriptOptions): Promise<unknown> => {
  try {
    return await redis.evalSha(SHA1, options)
  } catch (error) {
    if (!isScriptUnknown(error)) throw error
    return redis.eval(SCRIPT, options)
  }
}

/**
 * Counters in Redis, shared by all replicas. Windows are those of the replicas' clocks; how long a
 * key lives is told from now on, so that Redis may have a clock of its own.
 */
export const createRedisStore = (redis: RedisScripts): LimitStore => {
  const run = async (claims: readonly Claim[], nowMs: number) => {
    const texts = claims.flatMap(({ amount, max, window }) =>
      [amount, max, Math.ceil(window.endMs - nowMs) + KEEP_MS].map(String),
    )
    const keys = claims.map((claim) => PREFIX + toCounterKey(claim))
    return reply.parse(await runScript(redis, { keys, arguments: texts }))
  }

  return {
    async reserve(claims, nowMs) {
      const [denied, ...used] = await run(claims, nowMs)
      return denied === 0
        ? { isGranted: true, used }
        : { isGranted: false, deniedIndex: denied - 1 }
    },
    async settle(corrections, nowMs) {
      const claims = corrections
        .filter(({ window }) => window.endMs + KEEP_MS > nowMs)
        .map(({ delta, ...ref }) => ({ ...ref, amount: delta, max: Number.MAX_VALUE }))
      if (claims.length > 0) await run(claims, nowMs)
    },
  }
}
