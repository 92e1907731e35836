import { setTimeout as delay } from 'node:timers/promises'

/**
 * Gathers what several events lead to within a moment, so that one reply says it all: in a burst,
 * each event more on the Broker takes time from the edits behind it. The first caller waits
 * `waitMs` and gets everything; those who come meanwhile get nothing.
 */
export const createReplyBatch = <T>(waitMs: number) => {
  let open: T[] | undefined
  return async (items: readonly T[]): Promise<T[]> => {
    if (items.length === 0) return []
    if (open) {
      open.push(...items)
      return []
    }
    const batch = [...items]
    open = batch
    await delay(waitMs)
    open = undefined
    return batch
  }
}
