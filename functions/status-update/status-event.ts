import type { Condition } from '#config/kinds/common.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import type { StatusObject } from './conditions.ts'

const COMPONENT = 'penstock'

/** The condition that says best how the object is: what is wrong first, or else that it is live. */
const headline = (conditions: readonly Condition[]): Condition | undefined =>
  conditions.find(({ status }) => status === 'False') ??
  conditions.find(({ type }) => type === 'Programmed')

/** The Kubernetes Event of a status just written; undefined where there is nothing to tell yet. */
export const toStatusEvent = (
  object: StatusObject,
  conditions: readonly Condition[],
  now: Date,
): KubeObject | undefined => {
  const condition = headline(conditions)
  if (!condition) return undefined
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
