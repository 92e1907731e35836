import type { KubeClient, ListOptions } from './client.ts'
import { isExpired } from './error.ts'
import type { KubeObject, ResourceType } from './types.ts'

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient
  readonly type: ResourceType
  readonly select?: ListOptions
  /** All that exists, at first and after each gap in the watch. */
  onReplace(objects: T[]): void
  onChange(object: T): void
  onDelete(object: T): void
  /** A list or watch failed; it is tried again. */
  onError(error: unknown): void
}

export interface Reflector {
  /** Settles once the first list was handed to `onReplace`, or on stop. */
  readonly synced: Promise<void>
  stop(): Promise<void>
}

const MAX_BACKOFF_MS = 5000

/** 50 ms doubling up to 5 s, with jitter, so that a herd of replicas spreads out. */
const backoffMs = (failures: number): number =>
  Math.min(MAX_BACKOFF_MS, 50 * 2 ** Math.min(failures, 7)) * (0.5 + Math.random() / 2)

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/**
 * Mirrors a collection: lists, then watches from there for as long as it runs, and lists again
 * when the server no longer has the changes in between (410).
 */
export const startReflector = <T extends KubeObject>(options: ReflectorOptions<T>): Reflector => {
  const { client, type, select = {} } = options
  const abort = new AbortController()
  const { signal } = abort
  const synced = Promise.withResolvers<void>()

  /** The version to watch from; undefined when only a new list can tell. */
  let from: string | undefined

  const list = async (): Promise<void> => {
    const { items, resourceVersion } = await client.list<T>(type, select)
    if (!signal.aborted) options.onReplace(items)
    from = resourceVersion
    synced.resolve()
  }

  const relay = async (resourceVersion: string): Promise<void> => {
    for await (const event of client.watch<T>(type, { ...select, resourceVersion, signal })) {
      from = event.object.metadata.resourceVersion ?? from
      if (event.type === 'DELETED') options.onDelete(event.object)
      else if (event.type !== 'BOOKMARK') options.onChange(event.object)
    }
  }

  const step = async (): Promise<void> => {
    try {
      await (from === undefined ? list() : relay(from))
    } catch (error) {
      if (isExpired(error)) from = undefined
      else options.onError(error)
    }
  }

  const run = async (): Promise<void> => {
    let failures = 0
    while (!signal.aborted) {
      const startedAt = performance.now()
      await step()
      failures = performance.now() - startedAt < 1000 ? failures + 1 : 0
      // A list is quick when all is well: only what follows it may not be quick too.
      if (failures > 1 && !signal.aborted) await sleep(backoffMs(failures), signal)
    }
  }

  const running = run()
  return {
    synced: synced.promise,
    async stop() {
      abort.abort()
      synced.resolve()
      await running
    },
  }
}
