import type { Condition } from '#config/kinds/common.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import type { StatusObject } from './conditions.ts'

const COMPONENT = 'penstock'

/** Of an Event, by the API's definition. */
const MAX_MESSAGE = 1024

/** A DNS name, as short as it must be: cut where a label can end. */
const toEventName = (name: string, now: Date): string =>
  `${name.slice(0, 230).replace(/[-.]+$/, '')}.${now.getTime().toString(16)}`

/** The condition that says best how the object is: what is wrong first, or else that it is live. */
const headline = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.find(({ status }) => status === 'False') ??
  conditions.find(({ type }) => type === 'Programmed')

const isSame = (before: Condition | undefined, { status, reason, message }: Condition): boolean =>
  before?.status === status && before.reason === reason && before.message === message

/**
 * The Kubernetes Event of a status just written.
 * @param object as it was before
 * @returns undefined where there is nothing to tell yet, or nothing that was not true before
 */
export const toStatusEvent = (
  object: StatusObject,
  conditions: readonly Condition[],
  now: Date,
): KubeObject | undefined => {
  const condition = headline(conditions)
  const before = headline(object.status?.conditions ?? [])
  if (!condition || (before?.type === condition.type && isSame(before, condition))) return undefined
  const { namespace = '', name, uid, resourceVersion } = object.metadata
  const timestamp = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const bad = condition.status === 'False' && condition.reason !== 'Pending'
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: toEventName(name, now) },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace,
      name,
      uid,
      resourceVersion,
    },
    type: bad ? 'Warning' : 'Normal',
    reason: condition.reason,
    message: (condition.message || `generation ${object.metadata.generation} is live`).slice(
      0,
      MAX_MESSAGE,
    ),
    source: { component: COMPONENT },
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
    reportingComponent: COMPONENT,
    reportingInstance: COMPONENT,
  }
  return event
}
