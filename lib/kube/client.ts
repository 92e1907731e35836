import type { Dispatcher } from 'undici'
import { KubeError, toKubeError } from './error.ts'
import type { Cluster } from './kubeconfig.ts'
import { readLines } from './lines.ts'
import { type Call, createTransport, type Transport, toTransportError } from './transport.ts'
import {
  type KubeList,
  type KubeObject,
  type ObjectRef,
  type ResourceType,
  toPath,
  type WatchEvent,
} from './types.ts'

export interface ListOptions {
  readonly namespace?: string
  readonly labelSelector?: string
  readonly fieldSelector?: string
  /** Only names, versions, labels and annotations (`PartialObjectMetadata`). */
  readonly metadataOnly?: boolean
}

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string
  readonly signal: AbortSignal
}

export interface ApplyOptions {
  readonly fieldManager: string
  readonly subresource?: 'status'
}

/** What Penstock needs of a Kubernetes API server. Every method throws {@link KubeError}. */
export interface KubeClient {
  /**
   * @param notOlderThan a resourceVersion: the server's cache may answer, if it is as new as that
   * @returns undefined when there is no such object
   */
  get<T extends KubeObject>(
    type: ResourceType,
    ref: ObjectRef,
    notOlderThan?: string,
  ): Promise<T | undefined>
  /** @param keep what is kept of each object: of a long list, only that stays in memory */
  list<T extends KubeObject, K = T>(
    type: ResourceType,
    options?: ListOptions,
    keep?: (object: T) => K,
  ): Promise<KubeList<K>>
  create<T extends KubeObject>(type: ResourceType, object: T): Promise<T>
  /** PUT; with `metadata.resourceVersion` set it fails with Conflict if the object moved on. */
  replace<T extends KubeObject>(type: ResourceType, object: T): Promise<T>
  /** Server-side apply with force. */
  apply<T extends KubeObject>(type: ResourceType, object: T, options: ApplyOptions): Promise<T>
  /** JSON merge patch. */
  patch<T extends KubeObject>(type: ResourceType, ref: ObjectRef, patch: object): Promise<T>
  /** Deletes, given that version; an object that is not there counts as deleted. */
  delete(type: ResourceType, ref: ObjectRef, resourceVersion?: string): Promise<void>
  /** Ends without an error when the server ends the watch. Throws {@link KubeError} on ERROR. */
  watch<T extends KubeObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>
  /** Any other call. */
  call<T>(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<T>
  close(): Promise<void>
}

/** Between two pages others get their turn. */
const PAGE = 500
const WATCH_SECONDS = 290
/** Bookmarks come about once a minute: a connection silent for longer is a dead one. */
const WATCH_IDLE_MS = 150_000
const METADATA_LIST =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

const selectors = ({ labelSelector, fieldSelector }: ListOptions) => ({
  labelSelector,
  fieldSelector,
})

interface Page<T> {
  items: T[] | null
  metadata: { resourceVersion: string; continue?: string }
}

/** What is kept when nobody says what. */
export const keepWhole = <T, K>(object: T): K => object as unknown as K

const list = async <T extends KubeObject, K>(
  transport: Transport,
  type: ResourceType,
  options: ListOptions,
  keep: (object: T) => K,
): Promise<KubeList<K>> => {
  const items: K[] = []
  let next: string | undefined
  for (;;) {
    const page: Page<T> = await transport.send({
      path: toPath(type, options.namespace),
      query: { ...selectors(options), limit: String(PAGE), continue: next },
      ...(options.metadataOnly && { accept: METADATA_LIST }),
    })
    // An empty list of metadata comes without items.
    for (const item of page.items ?? []) items.push(keep(item))
    next = page.metadata.continue || undefined
    if (next === undefined) return { items, resourceVersion: page.metadata.resourceVersion }
  }
}

async function* watch<T extends KubeObject>(
  transport: Transport,
  type: ResourceType,
  { resourceVersion, signal, ...options }: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const call: Call = {
    path: toPath(type, options.namespace),
    query: {
      ...selectors(options),
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion,
      timeoutSeconds: String(WATCH_SECONDS),
    },
  }
  try {
    for await (const line of readLines(await transport.stream(call, signal, WATCH_IDLE_MS))) {
      const event = JSON.parse(line) as WatchEvent<T> | { type: 'ERROR'; object: unknown }
      if (event.type === 'ERROR') throw toKubeError(500, JSON.stringify(event.object))
      yield event
    }
  } catch (error) {
    if (!signal.aborted) throw toTransportError(error)
  }
}

/** A client for one API server, over its own connections. */
export const createKubeClient = (cluster: Cluster): KubeClient => {
  const transport = createTransport(cluster)
  const { send } = transport
  const toObjectPath = (type: ResourceType, { metadata }: KubeObject) =>
    toPath(type, metadata.namespace, metadata.name)

  return {
    async get(type, { namespace, name }, notOlderThan) {
      try {
        const query = { resourceVersion: notOlderThan }
        return await send({ path: toPath(type, namespace, name), query })
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return undefined
        throw error
      }
    },
    list: <T extends KubeObject, K = T>(
      type: ResourceType,
      options: ListOptions = {},
      keep: (object: T) => K = keepWhole,
    ) => list(transport, type, options, keep),
    create: (type, object) =>
      send({ method: 'POST', path: toPath(type, object.metadata.namespace), body: object }),
    replace: (type, object) =>
      send({ method: 'PUT', path: toObjectPath(type, object), body: object }),
    apply: (type, object, { fieldManager, subresource }) =>
      send({
        method: 'PATCH',
        path: `${toObjectPath(type, object)}${subresource ? `/${subresource}` : ''}`,
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: object,
      }),
    patch: (type, { namespace, name }, body) =>
      send({
        method: 'PATCH',
        path: toPath(type, namespace, name),
        contentType: 'application/merge-patch+json',
        body,
      }),
    async delete(type, { namespace, name }, resourceVersion) {
      try {
        await send({
          method: 'DELETE',
          path: toPath(type, namespace, name),
          ...(resourceVersion && { body: { preconditions: { resourceVersion } } }),
        })
      } catch (error) {
        if (!(error instanceof KubeError && error.status === 404)) throw error
      }
    },
    watch: (type, options) => watch(transport, type, options),
    call: (method, path, body) => send({ method, path, ...(body && { body }) }),
    close: () => transport.close(),
  }
}
