import type { KubeClient } from '#lib/kube/client.ts'
import { startReflector } from '#lib/kube/reflector.ts'
import type { ResourceType } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'
import type { Change } from './change.ts'
import { createInventory } from './inventory.ts'
import type { SourceMetrics } from './metrics.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { toResourceEvent, toResyncEvent } from './resource-event.ts'
import type { Sink } from './sink.ts'

export interface CrSourceOptions {
  readonly client: KubeClient
  readonly types: readonly ResourceType[]
  /** Default: all namespaces. */
  readonly namespaces?: readonly string[]
  readonly sink: Sink
  /** CloudEvents attribute `source`: the API server's URL. */
  readonly source: string
  /** Most events in flight at once; default 32. Those of one object never overlap. */
  readonly concurrency?: number
  readonly log: Log
  readonly metrics: SourceMetrics
}

export interface CrSource {
  /** Settles once all that exists, and the resync after it, was delivered, or on stop. */
  readonly synced: Promise<void>
  /** Waits for the events in flight; those pending are sent anew at the next start. */
  stop(): Promise<void>
}

const toKey = ({ type, object: { metadata } }: Change) =>
  `${type.plural}.${type.group}/${metadata.namespace ?? ''}/${metadata.name}`

const createSender = (outbox: Outbox, source: string) => ({
  /** Resolves when all are delivered, or newer states in their place. */
  changes: (changes: readonly Change[]): Promise<unknown> =>
    Promise.all(
      changes.map((change) =>
        outbox.send(toKey(change), {
          uid: change.object.metadata.uid ?? '',
          verb: change.verb,
          toEvent: (verb) =>
            toResourceEvent(verb === 'resync' ? change : { ...change, verb }, source),
        }),
      ),
    ),
  resync: (): Promise<void> =>
    outbox.send('', { uid: '', verb: 'resync', toEvent: () => toResyncEvent(source) }),
})

/**
 * Reports custom resources as Knative's ApiServerSource in Resource mode does, without its gaps:
 * what exists at the start is sent as `add`; what changed while the watch was interrupted is found
 * by comparing lists; an event is sent until the sink accepts it. Where an object changes faster
 * than the sink takes it, only its newest state is sent. What was deleted while the source was
 * down it cannot know: a resync event after the first list tells the functions to look.
 */
export const startCrSource = (options: CrSourceOptions): CrSource => {
  const { client, types, namespaces = [], source, log, metrics } = options
  const outbox = createOutbox({ ...options, concurrency: options.concurrency ?? 32 })
  const sender = createSender(outbox, source)

  const watch = (type: ResourceType, namespace: string | undefined) => {
    const resource = `${type.plural}.${type.group}`
    const inventory = createInventory(type)
    const first = Promise.withResolvers<unknown>()
    let lists = 0
    const { stop } = startReflector({
      client,
      type,
      ...(namespace !== undefined && { select: { namespace } }),
      onReplace(objects) {
        const delivered = sender.changes(inventory.replace(objects))
        lists += 1
        if (lists === 1) return first.resolve(delivered)
        metrics.relists.inc({ resource })
        log.info({ resource, namespace }, 'listed again after a gap')
        void delivered.then(sender.resync)
      },
      onChange: (object) => void sender.changes(inventory.put(object)),
      onDelete: (object) => void sender.changes(inventory.remove(object)),
      onError: (err) => log.warn({ err, resource, namespace }, 'watch failed'),
    })
    return { delivered: first.promise, stop: () => stop().then(first.resolve) }
  }

  const scopes = namespaces.length === 0 ? [undefined] : namespaces
  const watches = types.flatMap((type) => scopes.map((scope) => watch(type, scope)))
  return {
    synced: Promise.all(watches.map(({ delivered }) => delivered)).then(sender.resync),
    async stop() {
      await Promise.all(watches.map(({ stop }) => stop()))
      await outbox.stop()
    },
  }
}
