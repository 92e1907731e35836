import { isObject } from '../json.ts'
import { listObjects } from '../read/list.ts'
import { keyOf, resourceOf } from '../registry/resource-type.ts'
import { conflict, forbidden, notFound } from '../status.ts'
import type { Store } from '../storage/store.ts'
import type { StoredObject } from '../storage/stored-object.ts'
import type { PropagationPolicy, Remover } from '../write/remover.ts'
import { mediaTypeOf, parseBody, readBody } from './body.ts'
import { isDryRun, type ObjectRequest, viewOf } from './object-request.ts'
import { renderList, renderObject, sendJson, sendValue } from './respond.ts'

interface DeleteOptions {
  readonly uid: string | undefined
  readonly resourceVersion: string | undefined
  readonly dryRun: boolean
  readonly policy: PropagationPolicy
}

const LASTING_NAMESPACES = ['default', 'kube-system']

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const readOptions = async ({ request, query }: ObjectRequest): Promise<DeleteOptions> => {
  const bytes = await readBody(request)
  const body = bytes.length === 0 ? {} : parseBody(bytes, mediaTypeOf(request))
  const options = isObject(body) ? body : {}
  const given = isObject(options.preconditions) ? options.preconditions : {}
  const dryRun = Array.isArray(options.dryRun) && options.dryRun.includes('All')
  const policy = options.propagationPolicy ?? query.get('propagationPolicy')
  return {
    uid: textOf(given.uid),
    resourceVersion: textOf(given.resourceVersion),
    dryRun: dryRun || isDryRun(query),
    policy: policy === 'Orphan' || policy === 'Foreground' ? policy : 'Background',
  }
}

const checkPreconditions = (
  { info }: ObjectRequest,
  live: StoredObject,
  options: DeleteOptions,
): void => {
  const { uid, resourceVersion } = live.object.metadata
  const subject = { ...info.type, plural: info.type.kind }
  const refuse = (field: string, wanted: string, [found, why]: [string | undefined, string]) =>
    conflict(
      subject,
      info.name,
      `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${found}). The object might have been ${why}`,
    )
  if (options.uid !== undefined && options.uid !== uid)
    throw refuse('UID', options.uid, [uid, 'deleted and then recreated'])
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion)
    throw refuse('ResourceVersion', options.resourceVersion, [resourceVersion, 'modified'])
}

/** Serves DELETE. */
export class DeleteHandlers {
  readonly #store: Store
  readonly #remover: Remover

  constructor(store: Store, remover: Remover) {
    this.#store = store
    this.#remover = remover
  }

  async delete(asked: ObjectRequest): Promise<void> {
    const { info, response } = asked
    const { type, namespace, name } = info
    const options = await readOptions(asked)
    const place = { resource: resourceOf(type), key: keyOf(namespace, name) }
    const live = this.#store.get(place)
    if (!live) throw notFound(type, name)
    if (place.resource === 'namespaces' && LASTING_NAMESPACES.includes(name))
      throw forbidden(type, name, 'this namespace may not be deleted')
    checkPreconditions(asked, live, options)
    const { stored, isGone } = options.dryRun
      ? { stored: live, isGone: true }
      : this.#remover.delete(place, options.policy)
    if (!isGone || place.resource === 'namespaces') {
      sendJson(response, 200, renderObject(stored, viewOf(asked)))
      return
    }
    const { group, plural } = type
    const uid = live.object.metadata.uid ?? ''
    sendValue(response, 200, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name, ...(group && { group }), kind: plural, uid },
    })
  }

  async deleteCollection(asked: ObjectRequest): Promise<void> {
    const { info, query, response } = asked
    const options = await readOptions(asked)
    const { objects, metadata } = listObjects(this.#store, info, query)
    const resource = resourceOf(info.type)
    for (const { object } of options.dryRun ? [] : objects) {
      const key = keyOf(object.metadata.namespace ?? '', object.metadata.name ?? '')
      // An object may have gone with its owner.
      if (this.#store.get({ resource, key }))
        this.#remover.delete({ resource, key }, options.policy)
    }
    sendJson(response, 200, renderList(objects, viewOf(asked), metadata))
  }
}
