import {
  decodeFragment,
  type FragmentConfigMap,
  fragmentSelector,
  type ObjectKey,
  readFragmentVersion,
  readTimeline,
} from '#config/compiled/fragment.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { configMaps } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'
import type { LiveConfig } from '../link/live-config.ts'

export interface WatchFragmentsOptions {
  readonly client: KubeClient
  readonly namespace: string
  readonly config: LiveConfig
  readonly log: Log
}

/** Serves what the fragments' ConfigMaps say, from the first list on. */
export const watchFragments = (options: WatchFragmentsOptions): Reflector => {
  const { client, namespace, config, log } = options
  /** Which object each ConfigMap speaks of: a deletion may come without its annotations. */
  const objects = new Map<string, ObjectKey>()

  const apply = (configMap: FragmentConfigMap): void => {
    const version = readFragmentVersion(configMap)
    const { name } = configMap.metadata
    if (version) objects.set(name, version)
    try {
      const arrived = Date.now()
      const fragment = decodeFragment(configMap)
      config.apply(fragment, { ...readTimeline(configMap), arrived })
    } catch (error) {
      log.error({ err: error, configMap: name }, 'fragment not read')
      const message = error instanceof Error ? error.message : String(error)
      if (version) config.reject(version, { reason: 'NotRead', message: message.slice(0, 200) })
    }
  }

  const remove = (name: string): void => {
    const key = objects.get(name)
    objects.delete(name)
    if (key) config.remove(key)
  }

  return startReflector<FragmentConfigMap & { metadata: { name: string } }>({
    client,
    type: configMaps,
    select: { namespace, labelSelector: fragmentSelector() },
    onReplace(list) {
      const gone = new Set(objects.keys())
      for (const configMap of list) {
        gone.delete(configMap.metadata.name)
        apply(configMap)
      }
      for (const name of gone) remove(name)
    },
    onChange: apply,
    onDelete: (configMap) => remove(configMap.metadata.name),
    onError: (error) => log.warn({ err: error }, 'fragments not watched'),
  })
}
