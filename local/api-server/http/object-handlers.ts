import { listObjects } from '../read/list.ts'
import type { WatchHub } from '../read/watch.ts'
import { keyOf, resourceOf } from '../registry/resource-type.ts'
import { methodNotAllowed, notFound } from '../status.ts'
import type { Store } from '../storage/store.ts'
import type { DeleteHandlers } from './delete-handlers.ts'
import { isSet, type ObjectRequest, viewOf } from './object-request.ts'
import { renderList, renderObject, sendJson } from './respond.ts'
import type { WriteHandlers } from './write-handlers.ts'

/** What serves the verbs. */
export interface ObjectHandlerParts {
  readonly store: Store
  readonly hub: WatchHub
  readonly writes: WriteHandlers
  readonly deletes: DeleteHandlers
}

/** Serves resources: sends a request to the handler of its verb. */
export class ObjectHandlers {
  readonly #parts: ObjectHandlerParts

  constructor(parts: ObjectHandlerParts) {
    this.#parts = parts
  }

  /** @throws ApiError, to be answered as a Status */
  async serve(asked: ObjectRequest): Promise<void> {
    const { info } = asked
    if (info.subresource && !(info.subresource === 'status' && info.type.hasStatus))
      throw notFound(info.type, `${info.name}/${info.subresource}`)
    if (info.name === '') await this.#serveCollection(asked)
    else await this.#serveObject(asked)
  }

  async #serveCollection(asked: ObjectRequest): Promise<void> {
    const { writes, deletes } = this.#parts
    switch (asked.request.method) {
      case 'GET':
        return this.#list(asked)
      case 'POST':
        return await writes.create(asked)
      case 'DELETE':
        return await deletes.deleteCollection(asked)
      default:
        throw methodNotAllowed()
    }
  }

  async #serveObject(asked: ObjectRequest): Promise<void> {
    const { writes, deletes } = this.#parts
    switch (asked.request.method) {
      case 'GET':
        return this.#get(asked)
      case 'PUT':
        return await writes.replace(asked)
      case 'PATCH':
        return await writes.patch(asked)
      case 'DELETE':
        if (!asked.info.subresource) return await deletes.delete(asked)
        throw methodNotAllowed()
      default:
        throw methodNotAllowed()
    }
  }

  #get(asked: ObjectRequest): void {
    const { type, namespace, name } = asked.info
    if (this.#watch(asked)) return
    const place = { resource: resourceOf(type), key: keyOf(namespace, name) }
    const stored = this.#parts.store.get(place)
    if (!stored) throw notFound(type, name)
    sendJson(asked.response, 200, renderObject(stored, viewOf(asked)))
  }

  #list(asked: ObjectRequest): void {
    if (this.#watch(asked)) return
    const view = viewOf(asked)
    const { objects, metadata } = listObjects(this.#parts.store, asked.info, asked.query)
    sendJson(asked.response, 200, renderList(objects, view, metadata))
  }

  #watch(asked: ObjectRequest): boolean {
    const { info, query, response } = asked
    if (!info.isWatchPath && !isSet(query, 'watch')) return false
    const { namespace, name } = info
    this.#parts.hub.serve(response, { view: viewOf(asked), namespace, name, query })
    return true
  }
}
