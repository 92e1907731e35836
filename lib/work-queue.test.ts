import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWorkQueue, type WorkQueue } from './work-queue.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A queue whose work ends when told to. */
const createQueue = (limit = 10) => {
  const log: string[] = []
  const running = new Map<string, PromiseWithResolvers<void>>()
  const queue: WorkQueue = createWorkQueue({
    limit,
    work(key) {
      log.push(key)
      const run = Promise.withResolvers<void>()
      if (running.has(key)) throw new Error(`${key} runs twice at a time`)
      running.set(key, run)
      return run.promise.finally(() => running.delete(key))
    },
    onError: (key, error) => log.push(`${key} ${error instanceof Error ? error.message : error}`),
  })
  const end = async (key: string, error?: Error) => {
    if (error) running.get(key)?.reject(error)
    else running.get(key)?.resolve()
    await vi.advanceTimersByTimeAsync(0)
  }
  return { queue, log, end }
}

test('a key added many times while it runs is worked on once more', async () => {
  const { queue, log, end } = createQueue()
  queue.add('a')
  queue.add('a')
  queue.add('a')
  expect(log).toEqual(['a'])
  expect(queue.size).toBe(2)
  await end('a')
  expect(log).toEqual(['a', 'a'])
  await end('a')
  expect(log).toEqual(['a', 'a'])
  expect(queue.size).toBe(0)
})

test('no more keys than the limit run, and a waiting key does not hold up the next', async () => {
  const { queue, log, end } = createQueue(2)
  for (const key of ['a', 'b', 'a', 'c', 'd']) queue.add(key)
  expect(log).toEqual(['a', 'b'])
  await end('b')
  expect(log).toEqual(['a', 'b', 'c'])
  await end('a')
  expect(log).toEqual(['a', 'b', 'c', 'a'])
})

test('the earliest time that was asked for stands', async () => {
  const { queue, log } = createQueue()
  queue.add('a', 100)
  queue.add('a', 50)
  queue.add('a', 200)
  await vi.advanceTimersByTimeAsync(49)
  expect(log).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(log).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1000)
  expect(log).toEqual(['a'])
})

test('a delayed key that is added without delay starts at once, and only once', async () => {
  const { queue, log, end } = createQueue()
  queue.add('a', 100)
  queue.add('a')
  expect(log).toEqual(['a'])
  await end('a')
  await vi.advanceTimersByTimeAsync(1000)
  expect(log).toEqual(['a'])
})

test('what fails is told and tried again, later each time', async () => {
  const { queue, log, end } = createQueue()
  queue.add('a')
  await end('a', new Error('one'))
  expect(log).toEqual(['a', 'a one'])
  await vi.advanceTimersByTimeAsync(100)
  expect(log).toEqual(['a', 'a one', 'a'])
  await end('a', new Error('two'))
  await vi.advanceTimersByTimeAsync(99)
  expect(log).toEqual(['a', 'a one', 'a', 'a two'])
  await vi.advanceTimersByTimeAsync(101)
  await end('a')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(log).toEqual(['a', 'a one', 'a', 'a two', 'a'])
})

test('stopping waits for what runs and drops what has not begun', async () => {
  const { queue, log, end } = createQueue(1)
  queue.add('a')
  queue.add('b')
  queue.add('c', 10)
  let stopped = false
  const stopping = queue.stop().then(() => {
    stopped = true
  })
  await vi.advanceTimersByTimeAsync(100)
  expect(stopped).toBe(false)
  await end('a', new Error('late'))
  await stopping
  queue.add('d')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(log).toEqual(['a', 'a late'])
})
