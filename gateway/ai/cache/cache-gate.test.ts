import { expect, test } from 'vitest'
import type { CompiledCache } from '#config/compiled/cache.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import { toEvents } from '../chat/answer-events.ts'
import type { Gate } from '../gates/gate.ts'
import { createAnswerStore } from './answer-store.ts'
import { createCacheGate } from './cache-gate.ts'
import { createCall, pass, type TestCall, toAnswer, toBody } from './testing/calls.ts'

const HOUR_MS = 3_600_000
const ALICE = { name: 'alice', tenant: 'shop' }
const BOB = { name: 'bob', tenant: 'shop' }
const EVE = { name: 'alice', tenant: 'other' }

const createCache = (rule: Partial<CompiledCache> = {}) => {
  const clock = { nowMs: 0 }
  const store = createAnswerStore()
  const createGate = (label = 'shop/gpt') =>
    createCacheGate({
      rule: { ttlMs: HOUR_MS, per: 'Tenant', ...rule },
      label,
      store,
      now: () => clock.nowMs,
    })
  return { clock, store, createGate, gate: createGate() }
}

/** Passes a call, which a model answers if nobody else does. */
const ask = async (gate: Gate, call: TestCall = {}, answer: ChatAnswer = toAnswer('Yes.')) => {
  const passage = gate.open(createCall(call))
  const found = await passage.enter?.()
  if (!found) expect(await pass(passage, answer)).toBe(answer)
  return { found, cache: passage.cache }
}

const askStream = async (gate: Gate, answer: ChatAnswer) => {
  const passage = gate.open(createCall({ body: toBody('hi', { stream: true }) }))
  const found = await passage.enter?.()
  const filter = found ? undefined : passage.createFilter?.()
  for (const event of toEvents(answer)) filter?.push(event)
  return found
}

test('what was answered is answered again, with its own usage', async () => {
  const { gate } = createCache()
  expect(await ask(gate)).toEqual({ found: undefined, cache: 'miss' })
  expect(await ask(gate)).toEqual({ found: toAnswer('Yes.'), cache: 'hit' })
})

test('streams and whole answers are the same', async () => {
  const { gate } = createCache()
  await askStream(gate, toAnswer('Streamed.'))
  expect((await ask(gate)).found).toEqual(toAnswer('Streamed.'))
  expect(await askStream(gate, toAnswer('Another.'))).toEqual(toAnswer('Streamed.'))
})

test.each([
  ['Tenant', ALICE, BOB, true],
  ['Tenant', ALICE, EVE, false],
  ['Tenant', ALICE, { name: 'alice' }, false],
  ['Tenant', { name: 'alice' }, { name: 'bob' }, true],
  ['Consumer', ALICE, ALICE, true],
  ['Consumer', ALICE, BOB, false],
  ['Consumer', ALICE, EVE, false],
  ['Consumer', { name: 'alice' }, { name: 'bob' }, false],
] as const)('per %s, what %j asked is answered to %j: %j', async (per, one, other, isShared) => {
  const { gate } = createCache({ per })
  await ask(gate, { consumer: one })
  expect((await ask(gate, { consumer: other })).cache).toBe(isShared ? 'hit' : 'miss')
})

test('gates of one label share, and of another do not', async () => {
  const { createGate, gate } = createCache()
  await ask(gate)
  expect((await ask(createGate('shop/other'))).cache).toBe('miss')
  expect((await ask(createGate())).cache).toBe('hit')
})

test('an answer is given for its time, from when it was given first', async () => {
  const { clock, gate } = createCache()
  await ask(gate)
  clock.nowMs = HOUR_MS - 1
  expect((await ask(gate)).cache).toBe('hit')
  clock.nowMs = HOUR_MS
  expect((await ask(gate)).cache).toBe('miss')
})

test('no-cache asks anew, and what comes is kept', async () => {
  const { gate } = createCache()
  await ask(gate, {}, toAnswer('Old.'))
  const headers = { 'cache-control': 'no-cache' }
  expect(await ask(gate, { headers }, toAnswer('New.'))).toEqual({})
  expect((await ask(gate)).found).toEqual(toAnswer('New.'))
})

test('no-store neither asks nor keeps, and bytes may pass as they are', async () => {
  const { gate, store } = createCache()
  const headers = { 'cache-control': 'no-store' }
  const passage = gate.open(createCall({ headers }))
  expect([passage.isReading, passage.enter, passage.leave, passage.createFilter]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(store.bytes).toBe(0)
})

test.each(['embeddings', 'countTokens'] as const)('%s pass by', (operation) => {
  expect(createCache().gate.open(createCall({ operation }))).toEqual({})
})

test('a call that is not valid passes, for others to say so', async () => {
  const { gate, store } = createCache()
  const body = { messages: [{ role: 'nobody' }] }
  expect(await ask(gate, { body })).toEqual({})
  expect(store.bytes).toBe(0)
})

test('an answer that is not whole is not kept', async () => {
  const { gate } = createCache()
  await ask(gate, {}, { ...toAnswer('Ye'), finish: 'length' })
  await askStream(gate, { ...toAnswer('Ye'), finish: 'length' })
  expect((await ask(gate)).cache).toBe('miss')
})

test('an answer is kept for what was asked when the call came in', async () => {
  const { gate } = createCache()
  const call = createCall()
  const passage = gate.open(call)
  await passage.enter?.()
  call.rewrite({ ...call.request, messages: [] })
  await pass(passage, toAnswer('Yes.'))
  expect((await ask(gate)).cache).toBe('hit')
})

test('a hit is not kept again', async () => {
  const { clock, gate } = createCache()
  await ask(gate)
  clock.nowMs = HOUR_MS / 2
  const passage = gate.open(createCall())
  const found = await passage.enter?.()
  await pass(passage, found as ChatAnswer)
  clock.nowMs = HOUR_MS
  expect((await ask(gate)).cache).toBe('miss')
})

test('equal calls at once may all miss, and keep one answer', async () => {
  const { gate, store } = createCache()
  await ask(gate)
  const { bytes } = store
  const other = createCache()
  const passages = Array.from({ length: 5 }, () => other.gate.open(createCall()))
  expect(await Promise.all(passages.map((passage) => passage.enter?.()))).toEqual(Array(5))
  await Promise.all(passages.map((passage) => pass(passage, toAnswer('Yes.'))))
  expect(other.store.bytes).toBe(bytes)
})

test('each try of a stream is kept on its own', async () => {
  const { gate } = createCache()
  const passage = gate.open(createCall())
  await passage.enter?.()
  passage.createFilter?.().push({ type: 'text', text: 'of a model that failed' })
  const filter = passage.createFilter?.()
  for (const event of toEvents(toAnswer('Yes.'))) filter?.push(event)
  expect((await ask(gate)).found).toEqual(toAnswer('Yes.'))
})
