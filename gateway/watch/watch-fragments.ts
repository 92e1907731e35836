import {
  decodeFragment,
  type Fragment,
  type FragmentConfigMap,
  fragmentSelector,
  type ObjectKey,
  type ObjectVersion,
  readFragmentVersion,
  readTimeline,
  type Timeline,
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

type StoredConfigMap = FragmentConfigMap & { metadata: { name: string } }

/** A ConfigMap as it is applied. */
interface Arrival {
  /** Of the ConfigMap. */
  readonly name: string
  /** The object that it says it is of. */
  readonly version: ObjectVersion | undefined
  readonly timeline: Timeline
  /** What it holds, or why that cannot be read. */
  readonly content: Fragment | Error
}

const toArrival = (configMap: StoredConfigMap): Arrival => {
  const { name } = configMap.metadata
  const timeline = { ...readTimeline(configMap), arrived: Date.now() }
  const version = readFragmentVersion(configMap)
  try {
    return { name, version, timeline, content: decodeFragment(configMap) }
  } catch (error) {
    const content = error instanceof Error ? error : new Error(String(error))
    return { name, version, timeline, content }
  }
}

/** Serves what the fragments' ConfigMaps say, from the first list on. */
export const watchFragments = (options: WatchFragmentsOptions): Reflector => {
  const { client, namespace, config, log } = options
  /** Which object each ConfigMap speaks of: a deletion may come without its annotations. */
  const objects = new Map<string, ObjectKey>()

  const apply = ({ name, version, timeline, content }: Arrival): void => {
    if (!(content instanceof Error)) {
      objects.set(name, content)
      config.apply(content, timeline)
      return
    }
    log.error({ err: content, configMap: name }, 'fragment not read')
    if (!version) return
    objects.set(name, version)
    config.reject(version, { reason: 'NotRead', message: content.message.slice(0, 200) })
  }

  const remove = (name: string): void => {
    const key = objects.get(name)
    objects.delete(name)
    if (key) config.remove(key)
  }

  return startReflector<StoredConfigMap, Arrival>({
    client,
    type: configMaps,
    select: { namespace, labelSelector: fragmentSelector() },
    keep: toArrival,
    onReplace(list) {
      const gone = new Set(objects.keys())
      for (const arrival of list) {
        gone.delete(arrival.name)
        apply(arrival)
      }
      for (const name of gone) remove(name)
    },
    onChange: apply,
    onDelete: (configMap) => remove(configMap.metadata.name),
    onError: (error) => log.warn({ err: error }, 'fragments not watched'),
  })
}
