import type { Store } from '../storage/store.ts'
import type { Remover } from './remover.ts'

const EVENTS = 'events'
/** How long a Kubernetes Event is kept: kube-apiserver's `--event-ttl`, by default. */
const TTL_MS = 3_600_000
const EVERY_MS = 600_000

/** Removes Events that were made more than an hour before `now`, in epoch milliseconds. */
export const expireEvents = (store: Store, remover: Remover, now: number): void => {
  const events = store.collection(EVENTS)
  for (const key of [...events.keys()]) {
    const madeAt = Date.parse(events.get(key)?.object.metadata.creationTimestamp ?? '')
    if (madeAt < now - TTL_MS) remover.delete({ resource: EVENTS, key }, 'Background')
  }
}

/** Removes them from now on. @returns what ends that */
export const startEventExpiry = (store: Store, remover: Remover): (() => void) => {
  const expire = (): void => expireEvents(store, remover, Date.now())
  expire()
  const timer = setInterval(expire, EVERY_MS).unref()
  return () => clearInterval(timer)
}
