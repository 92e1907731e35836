import { expect, test } from 'vitest'
import { toWindow } from './limit-window.ts'
import { createRedisStore, type RedisScripts } from './redis-store.ts'

const window = toWindow('Minute', 90_000)
const claim = { key: '["a/b"]', window, max: 10, amount: 3 }

/** Answers as told, and notes what it was asked. */
const createRedis = (evalSha: () => Promise<unknown>, evaluate = evalSha) => {
  const asked: { command: string; script: string; keys: string[]; texts: string[] }[] = []
  const note =
    (command: string, answer: () => Promise<unknown>): RedisScripts['eval'] =>
    (script, { keys, arguments: texts }) => {
      asked.push({ command, script, keys, texts })
      return answer()
    }
  return { asked, redis: { evalSha: note('EVALSHA', evalSha), eval: note('EVAL', evaluate) } }
}

test('a counter is one key, kept until an hour after its window', async () => {
  const { asked, redis } = createRedis(async () => [0, '3'])
  await createRedisStore(redis).reserve([claim], 90_000)
  expect(asked).toMatchObject([
    { keys: ['{penstock}limit:["a/b"]@60000'], texts: ['3', '10', '3630000'] },
  ])
})

test('a server that does not know the script is given it', async () => {
  const noScript = async () => {
    throw new Error('NOSCRIPT No matching script.')
  }
  const { asked, redis } = createRedis(noScript, async () => [0, '3'])
  expect(await createRedisStore(redis).reserve([claim], 90_000)).toEqual({
    isGranted: true,
    used: [3],
  })
  expect(asked.map(({ command }) => command)).toEqual(['EVALSHA', 'EVAL'])
  expect(asked[0]?.script).toMatch(/^[0-9a-f]{40}$/)
  expect(asked[1]?.script).toContain('redis.call')
})

test('any other error is not tried again: it may have been counted', async () => {
  const { asked, redis } = createRedis(async () => {
    throw new Error('the socket closed')
  })
  await expect(createRedisStore(redis).reserve([claim], 90_000)).rejects.toThrow('socket')
  expect(asked).toHaveLength(1)
})

test.each([[null], ['OK'], [[]], [['0', '3']], [[0.5]], [[0, 'x']]])(
  'a reply of %j is an error',
  async (reply) => {
    const { redis } = createRedis(async () => reply)
    await expect(createRedisStore(redis).reserve([claim], 90_000)).rejects.toThrow()
  },
)

test('what ended more than an hour ago is not settled', async () => {
  const { asked, redis } = createRedis(async () => [0, '0'])
  await createRedisStore(redis).settle([{ ...claim, delta: -1 }], window.endMs + 3_600_000)
  expect(asked).toEqual([])
  await createRedisStore(redis).settle([{ ...claim, delta: -1 }], window.endMs + 3_599_999)
  expect(asked).toMatchObject([{ texts: ['-1', expect.any(String), '1'] }])
})
