import type { ServerResponse } from 'node:http'
import { renderObject, type View } from '../http/respond.ts'
import type { KubeObject } from '../json.ts'
import { apiVersionOf, resourceOf } from '../registry/resource-type.ts'
import { expired, tooLargeVersion } from '../status.ts'
import type { WatchEvent, WatchEventType } from '../storage/event-log.ts'
import type { Store } from '../storage/store.ts'
import { StoredObject } from '../storage/stored-object.ts'
import { asApiError } from '../write/admit.ts'
import { parseResourceVersion } from './list.ts'
import { parseSelectors, type Selector } from './selectors.ts'

const BOOKMARK_EVERY_MS = 60_000
const MIN_TIMEOUT_SECONDS = 1800
/** A client that does not read is cut off here; it lists and watches again. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024

/** What a watch is asked for. */
export interface WatchRequest {
  readonly view: View
  readonly namespace: string
  /** Only this object (the old watch path of one object). */
  readonly name: string
  readonly query: URLSearchParams
}

/** One open watch. */
class Watch {
  readonly #response: ServerResponse
  readonly #view: View
  readonly #select: Selector | undefined
  readonly #resource: string
  readonly #scope: { namespace: string; name: string }
  #hasSent = false
  #ended = false

  constructor(response: ServerResponse, request: WatchRequest) {
    this.#response = response
    this.#view = request.view
    this.#resource = resourceOf(request.view.type)
    this.#scope = request
    this.#select = parseSelectors(request.query, request.view.type)
  }

  /** Sends what exists. */
  sendExisting(store: Store): void {
    const { namespace } = this.#scope
    const collection = store.collection(this.#resource)
    for (const key of collection.keys(namespace ? `${namespace}/` : '')) {
      const stored = collection.get(key)
      const isNamed = !this.#scope.name || stored?.object.metadata.name === this.#scope.name
      if (stored && isNamed && this.#selects(stored)) this.#send('ADDED', stored)
    }
  }

  /** Sends an event, as the selector sees it. */
  receive(event: WatchEvent): void {
    const { namespace, name } = this.#scope
    if (event.resource !== this.#resource) return
    if (namespace !== '' && event.namespace !== namespace) return
    if (name !== '' && event.name !== name) return
    const type = this.#select ? this.#seen(event) : event.type
    if (type) this.#send(type, event.stored)
  }

  bookmark(resourceVersion: number, annotations?: Record<string, string>): void {
    const { type, form } = this.#view
    const metadata = {
      resourceVersion: String(resourceVersion),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    }
    const head =
      form === 'metadata'
        ? { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }
        : { kind: type.kind, apiVersion: apiVersionOf(type) }
    const object = { ...head, metadata } as unknown as KubeObject
    const stored = new StoredObject(JSON.stringify(object), resourceVersion, object)
    this.#write(
      'BOOKMARK',
      renderObject(stored, { ...this.#view, form: form === 'metadata' ? 'object' : form }),
    )
  }

  fail(error: unknown): void {
    this.#write('ERROR', JSON.stringify(asApiError(error).toStatus()))
    this.end()
  }

  end(): void {
    this.#ended = true
    this.#response.end()
  }

  #selects(stored: StoredObject): boolean {
    return this.#select?.(stored.object) ?? true
  }

  // An object that begins to match is added, one that stops is deleted.
  #seen(event: WatchEvent): WatchEventType | undefined {
    const isSelected = event.type !== 'DELETED' && this.#selects(event.stored)
    const isNew = event.type === 'ADDED'
    const wasSelected = event.previous ? this.#selects(event.previous) : !isNew
    if (isSelected) return wasSelected ? 'MODIFIED' : 'ADDED'
    return wasSelected ? 'DELETED' : undefined
  }

  #send(type: WatchEventType, stored: StoredObject): void {
    this.#write(type, renderObject(stored, this.#view, !this.#hasSent))
    this.#hasSent = true
  }

  #write(type: string, json: string): void {
    if (this.#ended) return
    this.#response.write(`{"type":"${type}","object":${json}}\n`)
    if (this.#response.writableLength > MAX_UNREAD_BYTES) this.#response.destroy()
  }
}

/** Serves watches: what is missed from the log, then each write as it happens. */
export class WatchHub {
  readonly #store: Store
  readonly #open = new Map<string, Set<Watch>>()

  constructor(store: Store) {
    this.#store = store
    store.listen((event) => {
      for (const watch of this.#open.get(event.resource) ?? []) watch.receive(event)
    })
  }

  /** Answers with a stream of events until the client leaves or the time is over. */
  serve(response: ServerResponse, request: WatchRequest): void {
    const { query } = request
    const watch = new Watch(response, request)
    const from = parseResourceVersion(query.get('resourceVersion'))
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
    })
    response.flushHeaders()
    try {
      this.#begin(watch, from, query)
    } catch (error) {
      watch.fail(error)
      return
    }
    const resource = resourceOf(request.view.type)
    const watches = this.#open.get(resource) ?? new Set()
    this.#open.set(resource, watches.add(watch))
    const seconds =
      Number(query.get('timeoutSeconds') ?? 0) || MIN_TIMEOUT_SECONDS * (1 + Math.random())
    const timeout = setTimeout(() => watch.end(), seconds * 1000)
    const bookmarks = query.get('allowWatchBookmarks') === 'true'
    const timer = bookmarks
      ? setInterval(() => watch.bookmark(this.#store.resourceVersion), BOOKMARK_EVERY_MS)
      : undefined
    response.on('close', () => {
      clearTimeout(timeout)
      clearInterval(timer)
      watches.delete(watch)
    })
  }

  /** Ends all watches. */
  close(): void {
    for (const watches of this.#open.values()) for (const watch of watches) watch.end()
  }

  #begin(watch: Watch, from: number | undefined, query: URLSearchParams): void {
    const sendsInitial = query.get('sendInitialEvents')
    const current = this.#store.resourceVersion
    if (sendsInitial === 'true' || (sendsInitial === null && !from)) {
      watch.sendExisting(this.#store)
      if (sendsInitial === 'true' && query.get('allowWatchBookmarks') === 'true')
        watch.bookmark(current, { 'k8s.io/initial-events-end': 'true' })
      return
    }
    if (from !== undefined && from > current) throw tooLargeVersion(from, current)
    const missed = this.#store.log.since(from ?? current)
    if (!missed) throw expired(`too old resource version: ${from} (${this.#store.log.compacted})`)
    for (const event of missed) watch.receive(event)
  }
}
