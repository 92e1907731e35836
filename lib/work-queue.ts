import { backoffMs } from './retry.ts'

export interface WorkQueueOptions {
  /** At most this many keys at a time, and never one key twice. */
  readonly limit: number
  work(key: string): Promise<void>
  /** The key is tried again after a backoff. */
  onError(key: string, error: unknown): void
}

export interface WorkQueue {
  /** Work on the key, at the earliest after `delayMs`; an earlier time already set stands. */
  add(key: string, delayMs?: number): void
  /** Keys waiting, delayed or running. */
  readonly size: number
  /** Drops what has not begun and waits for the rest. */
  stop(): Promise<void>
}

/** A set of keys to work on: a key added many times is worked on once. */
export const createWorkQueue = ({ limit, work, onError }: WorkQueueOptions): WorkQueue => {
  const delayed = new Map<string, { timer: NodeJS.Timeout; at: number }>()
  const ready = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const failures = new Map<string, number>()
  let stopped = false

  const run = async (key: string): Promise<void> => {
    try {
      await work(key)
      failures.delete(key)
    } catch (error) {
      onError(key, error)
      const count = (failures.get(key) ?? 0) + 1
      failures.set(key, count)
      add(key, backoffMs(count))
    }
    running.delete(key)
    pump()
  }

  const pump = (): void => {
    for (const key of ready) {
      if (stopped || running.size >= limit) return
      if (running.has(key)) continue
      ready.delete(key)
      running.set(key, run(key))
    }
  }

  const makeReady = (key: string): void => {
    delayed.delete(key)
    ready.add(key)
    pump()
  }

  const add = (key: string, delayMs = 0): void => {
    if (stopped || ready.has(key)) return
    const at = performance.now() + delayMs
    const before = delayed.get(key)
    if (before && before.at <= at) return
    clearTimeout(before?.timer)
    if (delayMs <= 0) makeReady(key)
    else delayed.set(key, { at, timer: setTimeout(makeReady, delayMs, key) })
  }

  return {
    add,
    get size() {
      return delayed.size + ready.size + running.size
    },
    async stop() {
      stopped = true
      for (const { timer } of delayed.values()) clearTimeout(timer)
      delayed.clear()
      ready.clear()
      await Promise.all(running.values())
    },
  }
}
