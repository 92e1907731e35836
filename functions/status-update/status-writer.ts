import type { KubeClient } from '#lib/kube/client.ts'
import type { ResourceType } from '#lib/kube/types.ts'
import { type Knowledge, type StatusObject, toVerdicts } from './conditions.ts'
import type { EventRecorder } from './event-recorder.ts'
import { toStatusEvent } from './status-event.ts'
import { toStatus } from './to-status.ts'

const FIELD_MANAGER = 'penstock-status'
/**
 * Writes the status of `object` when it changes in meaning, and a Kubernetes Event with it.
 * @returns whether it wrote. @throws KubeError, with Conflict when the object moved on.
 */
export const createStatusWriter =
  (client: KubeClient, recorder: EventRecorder) =>
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
    const event = toStatusEvent(object, status.conditions, now)
    if (event) recorder.record(event)
    return true
  }
