import type { Condition } from '#config/kinds/common.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { events, type KubeObject, type ResourceType } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { type Knowledge, type StatusObject, toStatus, toVerdicts } from './conditions.ts'

const FIELD_MANAGER = 'penstock-status'
const COMPONENT = 'penstock'

/** The condition that says best how the object is: what is wrong first, or else that it is live. */
const headline = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.find(({ status }) => status === 'False') ??
  conditions.find(({ type }) => type === 'Programmed')

const toEvent = (object: StatusObject, condition: Condition, now: Date): KubeObject => {
  const { namespace = '', name, uid, resourceVersion } = object.metadata
  const timestamp = now.toISOString().replace(/\.\d+Z$/, 'Z')
  const bad = condition.status === 'False' && condition.reason !== 'Pending'
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${name.slice(0, 230)}.${now.getTime().toString(16)}` },
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
    message: condition.message || `generation ${object.metadata.generation} is live`,
    source: { component: COMPONENT },
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
    reportingComponent: COMPONENT,
    reportingInstance: COMPONENT,
  }
  return event
}

/**
 * Writes the status of `object` when it changes in meaning, and a Kubernetes Event with it.
 * @returns whether it wrote. @throws KubeError, with Conflict when the object moved on.
 */
export const createStatusWriter =
  (client: KubeClient, log: Log) =>
  async (type: ResourceType, object: StatusObject, knowledge: Knowledge): Promise<boolean> => {
    const now = new Date()
    const timestamp = now.toISOString().replace(/\.\d+Z$/, 'Z')
    const status = toStatus(object, toVerdicts(object, knowledge), timestamp)
    if (!status) return false
    const { namespace, name, uid, resourceVersion } = object.metadata
    await client.apply<StatusObject>(
      type,
      {
        apiVersion: object.apiVersion,
        kind: object.kind,
        // Both make the API server refuse when the object is not the one that was read.
        metadata: {
          name,
          ...(namespace && { namespace }),
          ...(uid && { uid }),
          ...(resourceVersion && { resourceVersion }),
        },
        status,
      },
      { fieldManager: FIELD_MANAGER, subresource: 'status' },
    )
    const condition = headline(status.conditions)
    if (condition) {
      // An Event is for people: losing one harms nothing.
      client.create(events, toEvent(object, condition, now)).catch((error: unknown) => {
        log.debug({ err: error }, 'event not recorded')
      })
    }
    return true
  }
