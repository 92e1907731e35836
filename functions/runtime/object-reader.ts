import type { ObjectKey } from '#config/compiled/fragment.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import type { KubeObject, ResourceType } from '#lib/kube/types.ts'
import type { SeenVersion } from './object-hint.ts'

/**
 * Reads objects of one type. Of an object that was seen, the API server's cache knows enough, which
 * spares it a round through its store; whatever is not that object, or older, is read for certain.
 */
export const createObjectReader =
  (client: KubeClient, type: ResourceType) =>
  async (key: ObjectKey, seen: SeenVersion | undefined): Promise<KubeObject | undefined> => {
    if (seen) {
      // A server whose cache lags behind refuses after a while.
      const cached = await client.get(type, key, seen.resourceVersion).catch(() => undefined)
      const { uid, generation = 0 } = cached?.metadata ?? {}
      if (uid === seen.uid && generation >= seen.generation) return cached
    }
    return client.get(type, key)
  }
