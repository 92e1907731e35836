import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { toEvents } from '../chat/answer-events.ts'
import { createAnswerStore } from './answer-store.ts'
import { createCacheGate } from './cache-gate.ts'
import type { Embed } from './embed-in-time.ts'
import { createCall, pass, type TestCall, toAnswer, toBody } from './testing/calls.ts'

/** The angle of the vector of each text, in degrees: between 0 and 14 the cosine is 0.97. */
const ANGLES: Record<string, number> = { warm: 0, hot: 14, mild: -20, cold: 180 }

const embed: Embed = async (_call, text) => {
  const angle = ((ANGLES[text] ?? expect.fail(text)) * Math.PI) / 180
  return [3 * Math.cos(angle), 3 * Math.sin(angle)]
}

const createCache = (other: Partial<Parameters<typeof createCacheGate>[0]> = {}) => {
  const asked: string[] = []
  const semantic = { model: 'embeddings', threshold: 0.95 }
  const { embed: own = embed, ...options } = other
  const gate = createCacheGate({
    rule: { ttlMs: 1000, per: 'Tenant', semantic },
    label: 'shop/gpt',
    store: createAnswerStore(),
    now: () => 0,
    embed: (call, text) => {
      asked.push(text)
      return own(call, text)
    },
    ...options,
  })
  return { asked, gate }
}

const ask = async (
  { gate }: ReturnType<typeof createCache>,
  text: string,
  others: TestCall = {},
) => {
  const passage = gate.open(createCall({ body: toBody(text), ...others }))
  const found = await passage.enter?.()
  if (!found) await pass(passage, toAnswer(`to ${text}`))
  return found
}

test.each([
  ['hot', toAnswer('to warm')],
  ['mild', undefined],
  ['cold', undefined],
])('after warm, %s gets what is near enough', async (text, expected) => {
  const cache = createCache()
  await ask(cache, 'warm')
  expect(await ask(cache, text)).toEqual(expected)
})

test('what is near answers, and is kept under its own words only', async () => {
  const store = createAnswerStore()
  const cache = createCache({ store })
  await ask(cache, 'mild')
  await ask(cache, 'warm')
  const { bytes } = store
  expect(await ask(cache, 'hot')).toEqual(toAnswer('to warm'))
  expect(store.bytes).toBe(bytes)
})

test('equal words need no embedding, and others need one', async () => {
  const cache = createCache()
  await ask(cache, 'warm')
  await ask(cache, 'warm')
  await ask(cache, 'hot')
  expect(cache.asked).toEqual(['warm', 'hot'])
})

test('a stream is found by its meaning too', async () => {
  const cache = createCache()
  const passage = cache.gate.open(createCall({ body: toBody('warm', { stream: true }) }))
  await passage.enter?.()
  const filter = passage.createFilter?.()
  for (const event of toEvents(toAnswer('Streamed.'))) filter?.push(event)
  expect(await ask(cache, 'hot')).toEqual(toAnswer('Streamed.'))
})

test.each<[string, TestCall]>([
  ['another tenant', { consumer: { name: 'alice', tenant: 'other' } }],
  ['nobody’s tenant', { consumer: { name: 'alice' } }],
  ['another temperature', { body: toBody('hot', { temperature: 0 }) }],
  [
    'other messages before it',
    { body: { messages: [...['Hm.', 'hot'].map((content) => ({ role: 'user', content }))] } },
  ],
])('the vector of %s never matches', async (_what, call) => {
  const cache = createCache()
  await ask(cache, 'warm')
  expect(await ask(cache, 'hot')).toBeDefined()
  expect(await ask(cache, 'hot', call)).toBeUndefined()
})

test('per consumer, the vector of another one never matches', async () => {
  const rule = { ttlMs: 1000, per: 'Consumer', semantic: { model: 'e', threshold: 0.5 } } as const
  const cache = createCache({ rule })
  await ask(cache, 'warm')
  expect(await ask(cache, 'warm', { consumer: { name: 'bob', tenant: 'shop' } })).toBeUndefined()
})

test('of one store, the vector of another label never matches', async () => {
  const store = createAnswerStore()
  await ask(createCache({ store }), 'warm')
  expect(await ask(createCache({ store, label: 'shop/other' }), 'hot')).toBeUndefined()
  expect(await ask(createCache({ store }), 'hot')).toBeDefined()
})

test('a vector goes with the time of its answer', async () => {
  let nowMs = 0
  const cache = createCache({ now: () => nowMs })
  await ask(cache, 'warm')
  nowMs = 1000
  expect(await ask(cache, 'hot')).toBeUndefined()
})

test('what no-cache brings is found by the meaning of the same words', async () => {
  const cache = createCache()
  await ask(cache, 'warm')
  const call = createCall({ body: toBody('warm'), headers: { 'cache-control': 'no-cache' } })
  const passage = cache.gate.open(call)
  expect(await passage.enter?.()).toBeUndefined()
  await pass(passage, toAnswer('New.'))
  expect(await ask(cache, 'hot')).toEqual(toAnswer('New.'))
  expect(cache.asked).toEqual(['warm', 'hot'])
})

test('a rule that is not semantic asks for no embedding', async () => {
  const cache = createCache({ rule: { ttlMs: 1000, per: 'Tenant' } })
  await ask(cache, 'warm')
  expect(await ask(cache, 'hot')).toBeUndefined()
  expect(cache.asked).toEqual([])
})

test('what is not just text is never compared', async () => {
  const cache = createCache()
  const image = { type: 'image_url', image_url: { url: 'https://host/a.png' } }
  const content = [{ type: 'text', text: 'warm' }, image]
  await ask(cache, '', { body: { messages: [{ role: 'user', content }] } })
  expect(cache.asked).toEqual([])
})

describe('an embedding that is not there in time is a miss', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test.each<[string, Embed]>([
    ['fails', () => Promise.reject(new Error('overloaded'))],
    [
      'fails at once',
      () => {
        throw new Error('no model')
      },
    ],
    ['is none', async () => undefined],
    ['has no direction', async () => [0, 0]],
    ['never comes', () => new Promise(() => {})],
  ])('when it %s', async (_what, own) => {
    const cache = createCache({ embed: own })
    const found = ask(cache, 'warm')
    await vi.advanceTimersByTimeAsync(2000)
    expect(await found).toBeUndefined()
    expect(await ask(cache, 'warm')).toEqual(toAnswer('to warm'))
  })

  test('nothing waits for one that is there', async () => {
    await ask(createCache(), 'warm')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('one that comes just in time counts, and later it does not', async () => {
    for (const [delayMs, isInTime] of [
      [1999, true],
      [2001, false],
    ] as const) {
      const slow: Embed = async (call, text) => {
        await new Promise((resolve) => setTimeout(resolve, delayMs))
        return embed(call, text)
      }
      const cache = createCache({ embed: slow })
      const warm = ask(cache, 'warm')
      await vi.advanceTimersByTimeAsync(3000)
      await warm
      const hot = ask(cache, 'hot')
      await vi.advanceTimersByTimeAsync(3000)
      expect((await hot) !== undefined).toBe(isInTime)
    }
  })
})
