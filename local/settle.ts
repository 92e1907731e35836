import { setTimeout as delay } from 'node:timers/promises'
import { fragmentSelector, readFragmentVersion, toKeyString } from '#config/compiled/fragment.ts'
import type { Gateway } from '#gateway/app.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { configMaps } from '#lib/kube/types.ts'

/** How often it is looked whether the gateway's watch has caught up. */
const POLL_MS = 2

/** Waits until the gateway serves every fragment there is now, or has said why it does not. */
export const settle = async (
  client: KubeClient,
  namespace: string,
  gateway: Gateway,
): Promise<void> => {
  const options = { namespace, labelSelector: fragmentSelector(), metadataOnly: true }
  const { items } = await client.list(configMaps, options)
  const isServed = (): boolean => {
    const served = new Map(gateway.loaded().objects.map((entry) => [toKeyString(entry), entry]))
    return items.every((item) => {
      const version = readFragmentVersion(item)
      const found = version && served.get(toKeyString(version))
      if (!(version && found)) return !version
      return found.generation >= version.generation || found.problems.length > 0
    })
  }
  const until = performance.now() + 5000
  while (!isServed() && performance.now() < until) {
    await delay(POLL_MS)
  }
}
