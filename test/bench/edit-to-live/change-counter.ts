import {
  type FragmentConfigMap,
  fragmentSelector,
  readFragmentVersion,
} from '#config/compiled/fragment.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { configMaps, type KubeObject } from '#lib/kube/types.ts'
import { createLatestGeneration } from './latest-generation.ts'
import type { Target } from './targets/target.ts'

/** What the edits of the benchmark cost others, counted by watching. */
export interface Counts {
  /** By name of the route. */
  readonly statusWrites: Map<string, number>
  fragmentWrites: number
  /** Of the fragments' ConfigMaps as JSON, metadata included. */
  fragmentBytes: number
}

/** Counts writes to the routes' statuses and to their fragments. */
export interface ChangeCounter {
  readonly synced: Promise<unknown>
  /** Starts counting at nothing. @returns what was counted until now. */
  reset(): Counts
  /** Resolves once the status has the last word on that generation of a route. */
  settled(name: string, generation: number): Promise<void>
  /**
   * Resolves once the fragment of that generation of a route was seen; at once where fragments are
   * not known.
   */
  written(name: string, generation: number): Promise<void>
  /** Resolves once nothing has changed for so long. */
  quiet(ms: number): Promise<void>
  stop(): Promise<void>
}

const createCounts = (): Counts => ({
  statusWrites: new Map(),
  fragmentWrites: 0,
  fragmentBytes: 0,
})

export const startChangeCounter = (target: Target): ChangeCounter => {
  const { client, namespace, systemNamespace, routeKind } = target
  /** Last generation seen: a change that leaves it is one of the status. */
  const generations = new Map<string, number | undefined>()
  const settled = createLatestGeneration()
  const written = createLatestGeneration()
  let counts = createCounts()
  let changedAt = performance.now()

  const onRoute = (route: KubeObject): void => {
    const { name, generation } = route.metadata
    changedAt = performance.now()
    if (routeKind.isSettled(route)) settled.reach(name, generation ?? 0)
    if (generations.get(name) === generation) {
      counts.statusWrites.set(name, (counts.statusWrites.get(name) ?? 0) + 1)
    }
    generations.set(name, generation)
  }
  const onFragment = (configMap: FragmentConfigMap): void => {
    const version = readFragmentVersion(configMap)
    if (version?.namespace !== namespace) return
    written.reach(version.name, version.generation)
    changedAt = performance.now()
    counts.fragmentWrites += 1
    counts.fragmentBytes += JSON.stringify(configMap).length
  }
  const common = {
    client,
    onReplace: () => undefined,
    onError: (error: unknown) => console.error('watch failed, counts are incomplete:', error),
  }
  const watches: Reflector[] = [
    startReflector<KubeObject>({
      ...common,
      type: routeKind.type,
      select: { namespace },
      onChange: onRoute,
      onDelete({ metadata: { name } }) {
        generations.delete(name)
        settled.forget(name)
        written.forget(name)
      },
    }),
  ]
  if (systemNamespace !== undefined) {
    const fragments = startReflector<FragmentConfigMap & KubeObject>({
      ...common,
      type: configMaps,
      select: { namespace: systemNamespace, labelSelector: fragmentSelector() },
      onChange: onFragment,
      onDelete: () => undefined,
    })
    watches.push(fragments)
  }
  return {
    synced: Promise.all(watches.map(({ synced }) => synced)),
    reset() {
      const before = counts
      counts = createCounts()
      return before
    },
    settled: settled.until,
    written: async (name, generation) => {
      if (systemNamespace !== undefined) await written.until(name, generation)
    },
    async quiet(ms) {
      changedAt = Math.max(changedAt, performance.now() - ms / 2)
      for (;;) {
        const left = changedAt + ms - performance.now()
        if (left <= 0) return
        await new Promise((resolve) => setTimeout(resolve, left))
      }
    },
    stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))),
  }
}
