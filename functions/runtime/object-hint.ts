import { z } from 'zod'
import { RESOURCE_PREFIX, RESYNC } from '#config/compiled/events.ts'
import { type ObjectKey, objectKey } from '#config/compiled/fragment.ts'
import type { Event } from '#lib/cloud-event.ts'
import { InvalidEvent } from './invalid-event.ts'

const data = z.object({
  metadata: z.object({ uid: z.string(), generation: z.int(), resourceVersion: z.string() }),
})

/** A version of an object, as an event tells it. */
export type SeenVersion = Readonly<z.infer<typeof data>['metadata']>

/** "This object may have changed", and which version the sender saw, if it says. */
export interface ObjectHint extends Readonly<ObjectKey> {
  readonly seen?: SeenVersion
}

/** A PingSource cannot choose its event type. */
const PING = 'dev.knative.sources.ping'

export const isResync = (event: Event): boolean => event.type === RESYNC || event.type === PING

/** @throws InvalidEvent when the event does not name an object. */
export const toObjectHint = (event: Event): ObjectHint => {
  const ref = objectKey.safeParse(event.extensions)
  if (!(event.type.startsWith(RESOURCE_PREFIX) && ref.success)) {
    throw new InvalidEvent(`event type ${event.type} does not name an object`)
  }
  const seen = event.type.endsWith('.delete') ? undefined : data.safeParse(event.data).data
  return { ...ref.data, ...(seen && { seen: seen.metadata }) }
}
