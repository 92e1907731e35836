import { backoffMs, sleep } from '../retry.ts'
import { type KubeClient, keepWhole, type ListOptions } from './client.ts'
import { isExpired, isForbidden, KubeError } from './error.ts'
import type { KubeObject, ResourceType } from './types.ts'

export interface ReflectorOptions<T extends KubeObject, K = T> {
  readonly client: KubeClient
  readonly type: ResourceType
  readonly select?: ListOptions
  /** What is kept of an object, made as it arrives: of a long list, only that stays in memory. */
  keep?(object: T): K
  /** All that exists, at first and after each gap in the watch. */
  onReplace(objects: K[]): void
  onChange(object: K): void
  onDelete(object: T): void
  /** A list or watch failed; it is tried again. */
  onError(error: unknown): void
}

export interface Reflector {
  /** Settles once the first list was handed to `onReplace`, or on stop. */
  readonly synced: Promise<void>
  stop(): Promise<void>
}

/** Answers to a watch, one after the other, after which only a new list can help. */
const MAX_REFUSALS = 3

/** Whether the server answered, and not with "later". */
const isRefusal = (error: unknown): boolean =>
  error instanceof KubeError && error.status !== 0 && error.status !== 429

/**
 * Mirrors a collection: lists, then watches from there for as long as it runs, and lists again
 * when the server no longer has the changes in between (410), or refuses the watch for long: the
 * version may be from before a restored backup.
 */
export const startReflector = <T extends KubeObject, K = T>(
  options: ReflectorOptions<T, K>,
): Reflector => {
  const { client, type, select = {}, keep = keepWhole } = options
  const abort = new AbortController()
  const { signal } = abort
  const synced = Promise.withResolvers<void>()

  /** The version to watch from; undefined when only a new list can tell. */
  let from: string | undefined
  let refusals = 0

  const list = async (): Promise<void> => {
    const { items, resourceVersion } = await client.list<T, K>(type, select, keep)
    if (signal.aborted) return
    options.onReplace(items)
    from = resourceVersion
    synced.resolve()
  }

  const relay = async (resourceVersion: string): Promise<void> => {
    for await (const event of client.watch<T>(type, { ...select, resourceVersion, signal })) {
      if (signal.aborted) return
      refusals = 0
      from = event.object.metadata.resourceVersion ?? from
      if (event.type === 'DELETED') options.onDelete(event.object)
      else if (event.type !== 'BOOKMARK') options.onChange(keep(event.object))
    }
  }

  const onFailure = (error: unknown): void => {
    if (signal.aborted) return
    refusals = isRefusal(error) ? refusals + 1 : 0
    // Whether the right is gone, or was only not known yet, a new list tells.
    if (isExpired(error) || isForbidden(error) || refusals >= MAX_REFUSALS) from = undefined
    if (!isExpired(error)) options.onError(error)
  }

  const step = (): Promise<void> => (from === undefined ? list() : relay(from)).catch(onFailure)

  const run = async (): Promise<void> => {
    let failures = 0
    while (!signal.aborted) {
      const listing = from === undefined
      const startedAt = performance.now()
      await step()
      if (listing && from !== undefined) continue
      // The end of a watch is no failure, unless it comes at once.
      const early = performance.now() - startedAt < 1000
      failures = listing || early ? failures + 1 : 0
      if (failures > 0) await sleep(backoffMs(failures - 1), signal)
    }
  }

  const running = run()
  return {
    synced: synced.promise,
    async stop() {
      abort.abort()
      synced.resolve()
      // A list cannot be aborted; its answer will be ignored.
      if (from !== undefined) await running
    },
  }
}
