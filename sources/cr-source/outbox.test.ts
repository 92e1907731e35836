import { Registry } from '@prometheus-io/client'
import { pino } from 'pino'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { SinkError } from '#lib/http-sink.ts'
import { createSourceMetrics } from './metrics.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { Sink } from './sink.ts'

const open: Outbox[] = []
afterEach(() => Promise.all(open.splice(0).map((outbox) => outbox.stop())))

const start = (sink: Sink, concurrency = 32) => {
  const registry = new Registry()
  const metrics = createSourceMetrics(registry)
  const outbox = createOutbox({ sink, concurrency, metrics, log: pino({ level: 'silent' }) })
  open.push(outbox)
  const update = (name: string, version: number) =>
    outbox.send(name, {
      uid: name,
      verb: 'update',
      toEvent: (verb) => ({ id: `${name}.${version}`, type: verb, source: '/test', data: {} }),
    })
  return { outbox, update, registry }
}

/** A sink whose calls are answered by hand. */
const createManualSink = () => {
  const calls: { id: string; accept(): void; refuse(error: Error): void }[] = []
  const sink: Sink = (_message, { id }) =>
    new Promise((resolve, reject) => calls.push({ id, accept: resolve, refuse: reject }))
  const next = async (index: number) => {
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(index), { interval: 1 })
    return calls[index]!
  }
  return { sink, calls, next }
}

test('events of one object never overlap, and a burst is sent as its newest state', async () => {
  const { sink, calls, next } = createManualSink()
  const { update } = start(sink)
  const all = [1, 2, 3, 4].map((version) => update('a', version))
  const first = await next(0)
  expect(calls).toHaveLength(1)
  first.accept()
  ;(await next(1)).accept()
  await Promise.all(all)
  expect(calls.map(({ id }) => id)).toEqual(['a.1', 'a.4'])
})

test('a failed event gives way to a newer state', async () => {
  const { sink, calls, next } = createManualSink()
  const { update } = start(sink)
  const older = update('a', 1)
  ;(await next(0)).refuse(new SinkError(503))
  const newer = update('a', 2)
  ;(await next(1)).accept()
  await Promise.all([older, newer])
  expect(calls.map(({ id }) => id)).toEqual(['a.1', 'a.2'])
})

test('an event is sent until it is accepted', async () => {
  let attempts = 0
  const { update, registry } = start(async () => {
    attempts += 1
    if (attempts < 4) throw attempts === 1 ? new Error('refused') : new SinkError(500)
  })
  await update('a', 1)
  expect(attempts).toBe(4)
  const metrics = await registry.metrics()
  expect(metrics).toContain('penstock_source_events_total{type="update",result="failed"} 3')
  expect(metrics).toContain('penstock_source_events_total{type="update",result="accepted"} 1')
  expect(metrics).toContain('penstock_source_pending 0')
  expect(metrics).toContain('penstock_source_in_flight 0')
})

test('a sink that is down is tried less and less often, every 5 s at last', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let attempts = 0
  const { update } = start(async () => {
    attempts += 1
    throw new SinkError(503)
  })
  void update('a', 1)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(attempts).toBeGreaterThan(60 / 5)
  expect(attempts).toBeLessThan(7 + 60 / 2.5)
})

test('what can never succeed is dropped and counted, and the next state is sent', async () => {
  const sent: string[] = []
  const { update, registry } = start(async (_message, { id }) => {
    sent.push(id)
    if (id === 'a.1') throw new SinkError(400)
  })
  await update('a', 1)
  await update('a', 2)
  expect(sent).toEqual(['a.1', 'a.2'])
  expect(await registry.metrics()).toContain(
    'penstock_source_events_total{type="update",result="dropped"} 1',
  )
})

test('no more than the given number are in flight, and all arrive', async () => {
  let running = 0
  let most = 0
  const { update } = start(async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise(setImmediate)
    running -= 1
  }, 8)
  await Promise.all(Array.from({ length: 200 }, (_, index) => update(`object-${index}`, 1)))
  expect(most).toBe(8)
})

test('objects that keep failing do not hold back the others', async () => {
  const sent: string[] = []
  const { update } = start(async (_message, { id }) => {
    if (id.startsWith('bad')) throw new SinkError(500)
    sent.push(id)
  }, 2)
  for (const name of ['bad-1', 'bad-2', 'bad-3']) void update(name, 1)
  await update('good', 1)
  expect(sent).toEqual(['good.1'])
})

test('stopping waits for what is in flight and forgets the rest', async () => {
  const { sink, calls, next } = createManualSink()
  const { outbox, update, registry } = start(sink, 1)
  const all = ['a', 'b'].map((name) => update(name, 1))
  const first = await next(0)
  const stopped = outbox.stop()
  first.accept()
  await Promise.all([stopped, ...all, update('c', 1)])
  expect(calls).toHaveLength(1)
  expect(await registry.metrics()).toContain('penstock_source_pending 0')
})
