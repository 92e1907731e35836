import { randomUUID } from 'node:crypto'
import { RESOURCE_PREFIX, RESYNC } from '#config/compiled/events.ts'
import { type Event, type EventMessage, encodeEvent } from '#lib/cloud-event.ts'
import { toApiVersion } from '#lib/kube/types.ts'
import type { Change } from './change.ts'

/**
 * The event that Knative's ApiServerSource sends for this change in Resource mode, but for its id,
 * which names the version of the object: a repetition is recognised.
 *
 * @param source The API server's URL.
 */
export const toResourceEvent = ({ verb, type, object }: Change, source: string): Event => {
  const { name, namespace = '', uid, resourceVersion } = object.metadata
  const apiversion = toApiVersion(type)
  return {
    id: `${uid}.${resourceVersion}.${verb}`,
    type: `${RESOURCE_PREFIX}${verb}`,
    source,
    subject: `/apis/${apiversion}/namespaces/${namespace}/${type.plural}/${name}`,
    data: object,
    extensions: { apiversion, kind: type.kind, name, namespace },
  }
}

/** Asks the functions to compare all that exists with what they wrote. */
export const toResyncEvent = (source: string): Event => ({
  id: randomUUID(),
  type: RESYNC,
  source,
  data: {},
})

/** Binary mode, with the media type exactly as Knative sends it. */
export const toMessage = (event: Event): EventMessage => {
  const { headers, body } = encodeEvent(event)
  return { headers: { ...headers, 'content-type': 'application/json' }, body }
}
