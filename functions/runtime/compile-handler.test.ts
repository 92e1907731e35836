import { expect, test } from 'vitest'
import { COMPILED, type Compiled, compiledBatch } from '#config/compiled/events.ts'
import type { Timeline } from '#config/compiled/fragment.ts'
import type { Event } from '#lib/cloud-event.ts'
import { createCompileHandler } from './compile-handler.ts'
import type { ObjectHint } from './object-hint.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const key = { kind: 'APIRoute', namespace: 'shop', name: 'cart' }
const compiledOf = (name: string): Compiled => ({
  version: { ...key, name, uid: 'u', generation: 1 },
  verdict: { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' },
})
const event = (change: Partial<Event> = {}): Event => ({
  id: '1',
  type: 'dev.knative.apiserver.resource.add',
  source: '/apiserver',
  extensions: key,
  ...change,
})

/** A handler of a compiler that answers so, and what that one was asked. */
const start = (answer: Compiled[]) => {
  const asked: { hint?: ObjectHint; timeline?: Timeline | undefined }[] = []
  const handler = createCompileHandler('route-compile', {
    async reconcile(hint, timeline) {
      asked.push({ hint, timeline })
      return answer
    },
    async resync() {
      asked.push({})
      return answer
    },
  })
  return { ...handler, asked }
}

test('what was compiled is the reply, in the trace of the event', async () => {
  const { handle, asked } = start([compiledOf('cart')])
  const reply = await handle(event({ traceparent: TRACE }))
  expect(reply).toMatchObject({
    type: COMPILED,
    source: '/functions/route-compile',
    data: { objects: [compiledOf('cart')] },
    traceparent: TRACE,
  })
  expect(asked[0]?.hint).toEqual(key)
})

test('the timeline begins when the source sent the event, and carries its trace', async () => {
  const { handle, asked } = start([])
  const before = Date.now()
  const time = new Date(before - 5).toISOString()
  await handle(event({ traceparent: TRACE, time }))
  const { sent, received, traceparent } = asked[0]?.timeline ?? {}
  expect(sent).toBe(before - 5)
  expect(received).toBeGreaterThanOrEqual(before)
  expect(received).toBeLessThanOrEqual(Date.now())
  expect(traceparent).toBe(TRACE)
})

test('without a time of sending none is made up', async () => {
  const { handle, asked } = start([])
  await handle(event())
  expect(asked[0]?.timeline).not.toHaveProperty('sent')
  expect(asked[0]?.timeline).not.toHaveProperty('traceparent')
})

test('nothing compiled is nothing to say', async () => {
  expect(await start([]).handle(event())).toBeUndefined()
})

test('a resync replies with what it changed', async () => {
  const { handle, asked } = start([compiledOf('a'), compiledOf('b')])
  const reply = await handle(event({ type: 'dev.penstock.resync', extensions: {} }))
  expect(compiledBatch.parse(reply?.data).objects).toHaveLength(2)
  expect(asked).toEqual([{}])
})

test('of very many objects all are told in some rounds, in events that are not too large', async () => {
  const { handle } = start(Array.from({ length: 2100 }, (_, index) => compiledOf(`route-${index}`)))
  const told = new Set<string>()
  for (let round = 0; round < 30 && told.size < 2100; round += 1) {
    const reply = await handle(event({ type: 'dev.penstock.resync' }))
    const { objects } = compiledBatch.parse(reply?.data)
    expect(objects).toHaveLength(2000)
    for (const { version } of objects) told.add(version.name)
  }
  expect(told.size).toBe(2100)
})

test('what was compiled at the start is told with the first reply, once', async () => {
  const { start: begin, handle } = start([compiledOf('a')])
  await begin()
  const first = await handle(event())
  expect(compiledBatch.parse(first?.data).objects).toHaveLength(2)
  const second = await handle(event())
  expect(compiledBatch.parse(second?.data).objects).toHaveLength(1)
})

test('a resync that is repeated while it goes on is done once more, not at the same time', async () => {
  let running = 0
  let most = 0
  const { handle } = createCompileHandler('route-compile', {
    reconcile: async () => [],
    async resync() {
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
      return []
    },
  })
  const resync = event({ type: 'dev.penstock.resync' })
  await Promise.all([handle(resync), handle(resync), handle(resync)])
  expect(most).toBe(1)
})
