import { describe, expect, it } from 'vitest'
import { PROGRAMMED, type Programmed, type Served } from '#config/compiled/events.ts'
import { decodeEvent, type EventMessage } from '#lib/cloud-event.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { createProgrammedReporter } from './programmed-reporter.ts'

const served = (name: string, generation = 1): Served => ({
  kind: 'APIRoute',
  namespace: 'default',
  name,
  uid: name,
  generation,
  hash: String(generation),
  problems: [],
})

/** A Broker that takes an event when it is told to. */
const start = () => {
  const events: Programmed[] = []
  const ids: string[] = []
  const waiting: PromiseWithResolvers<void>[] = []
  const publish = (message: EventMessage) => {
    const event = decodeEvent(message)
    expect(event).toMatchObject({ type: PROGRAMMED, source: '/gateways/replica' })
    events.push(event.data as Programmed)
    ids.push(event.id)
    const answer = Promise.withResolvers<void>()
    waiting.push(answer)
    return answer.promise
  }
  const log = createLog('test', 'silent')
  const reporter = createProgrammedReporter({ replica: 'replica', publish, log })
  const names = () => events.map(({ objects }) => objects?.map(({ name }) => name))
  return { reporter, events, ids, waiting, names }
}

describe('the report of a change', () => {
  it('goes out at once, and with it what changed in the same tick', async () => {
    const { reporter, waiting, names } = start()
    reporter.add(served('a'))
    reporter.add(served('b'))
    await expect.poll(names).toEqual([['a', 'b']])
    waiting[0]?.resolve()
    await reporter.stop()
  })

  it('waits for the one before, and then tells of each object its last', async () => {
    const { reporter, waiting, events, names } = start()
    reporter.add(served('a'))
    await expect.poll(names).toEqual([['a']])
    reporter.add(served('b', 1))
    reporter.add(served('c', 1))
    reporter.add(served('b', 2))
    waiting[0]?.resolve()
    await expect.poll(names).toEqual([['a'], ['b', 'c']])
    expect(events[1]?.objects?.[0]?.generation).toBe(2)
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 4])
    waiting[1]?.resolve()
    await reporter.stop()
  })

  it('is repeated until the Broker takes it', async () => {
    const { reporter, waiting, names, ids } = start()
    reporter.add(served('a'))
    await expect.poll(names).toEqual([['a']])
    waiting[0]?.reject(new Error('503'))
    await expect.poll(names).toEqual([['a'], ['a']])
    expect(new Set(ids).size).toBe(1)
    waiting[1]?.resolve()
    await reporter.stop()
  })

  it('is cut into events of a bearable size', async () => {
    const { reporter, waiting, events, ids } = start()
    for (let i = 0; i < 1200; i += 1) reporter.add(served(`r${i}`))
    for (const [at, size] of [500, 500, 200].entries()) {
      await expect.poll(() => events[at]?.objects?.length).toBe(size)
      waiting[at]?.resolve()
    }
    await reporter.stop()
    expect(events).toHaveLength(3)
    expect(new Set(ids).size).toBe(3)
  })

  it('of everything names no objects', async () => {
    const { reporter, waiting, events } = start()
    reporter.announce()
    await expect.poll(() => events.length).toBe(1)
    expect(events[0]).toEqual({ replica: 'replica', boot: reporter.boot, sequence: 0 })
    waiting[0]?.resolve()
    await reporter.stop()
  })

  it('is given up when the replica stops', async () => {
    const { reporter, waiting, names } = start()
    reporter.add(served('a'))
    await expect.poll(names).toEqual([['a']])
    const stopped = reporter.stop()
    waiting[0]?.reject(new Error('503'))
    await stopped
    expect(names()).toEqual([['a']])
  })
})
