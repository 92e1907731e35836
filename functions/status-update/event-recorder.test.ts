import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { KubeClient } from '#lib/kube/client.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { createEventRecorder } from './event-recorder.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const event = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
})

const start = () => {
  const created: string[] = []
  const create: KubeClient['create'] = async (_type, object) => {
    created.push(object.metadata.name)
    return object
  }
  const client = { create } as KubeClient
  return { created, recorder: createEventRecorder(client, createLog('test', 'silent')) }
}

test('a few events are recorded at once', () => {
  const { created, recorder } = start()
  recorder.record(event('a'))
  recorder.record(event('b'))
  expect(created).toEqual(['a', 'b'])
  recorder.stop()
})

test('a burst is recorded in order, 50 a second, and nothing is left waiting', () => {
  const { created, recorder } = start()
  const names = Array.from({ length: 103 }, (_, index) => `event-${index}`)
  for (const name of names) recorder.record(event(name))
  expect(created).toHaveLength(5)
  vi.advanceTimersByTime(1000)
  expect(created).toHaveLength(55)
  vi.advanceTimersByTime(2000)
  expect(created).toEqual(names)
  expect(vi.getTimerCount()).toBe(0)
})
