/**
 * Runs work one at a time per key. A call while its key runs joins the next run, together with
 * every other call made meanwhile: each caller sees work that began after its call.
 */
export const createCoalescer = <T>(work: (key: string) => Promise<T>) => {
  const running = new Map<string, Promise<T>>()
  const waiting = new Map<string, Promise<T>>()

  const start = (key: string): Promise<T> => {
    const run = work(key).finally(() => running.delete(key))
    running.set(key, run)
    return run
  }

  return (key: string): Promise<T> => {
    // First: between two runs there is a moment when none is running, but one is about to.
    const queued = waiting.get(key)
    if (queued !== undefined) return queued
    const current = running.get(key)
    if (current === undefined) return start(key)
    const next = current
      .catch(() => undefined)
      .then(() => {
        waiting.delete(key)
        return start(key)
      })
    waiting.set(key, next)
    return next
  }
}
