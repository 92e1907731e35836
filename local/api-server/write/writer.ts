import { randomBytes, randomUUID } from 'node:crypto'
import { applyObject } from '../fields/apply.ts'
import { FieldSet } from '../fields/field-set.ts'
import { trackUpdate, type Writer } from '../fields/managed-fields.ts'
import { equalJson, type KubeObject, type ObjectMeta } from '../json.ts'
import { apiVersionOf, keyOf, type ResourceType, resourceOf } from '../registry/resource-type.ts'
import { alreadyExists, badRequest, conflict, forbidden, notFound } from '../status.ts'
import type { Place, Store } from '../storage/store.ts'
import { StoredObject } from '../storage/stored-object.ts'
import { admitFields, completeObject, type Strictness, validateObject } from './admit.ts'
import { checkApplied, checkPreconditions } from './preconditions.ts'
import type { Remover } from './remover.ts'

/** What a write is about, beyond the object. */
export interface WriteRequest extends Strictness {
  readonly type: ResourceType
  readonly namespace: string
  readonly name: string
  readonly subresource: '' | 'status'
  readonly manager: string
  readonly dryRun: boolean
}

/** The object after a write, and whether the write made it. */
export interface Written {
  readonly stored: StoredObject
  readonly isNew: boolean
}

const NAMESPACES = { group: '', plural: 'namespaces', kind: 'Namespace' }
const STATUS_ONLY = FieldSet.fromFieldsV1({ 'f:status': {} })
const NONE = new FieldSet()

/** Seconds, as the API writes times. */
const timestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z')

/** Creates and changes objects: everything between a parsed body and the store. */
export class ObjectWriter {
  readonly #store: Store
  readonly #remover: Remover

  constructor(store: Store, remover: Remover) {
    this.#store = store
    this.#remover = remover
  }

  /** @throws ApiError 404 (namespace), 409 AlreadyExists, 422 */
  create(object: KubeObject, request: WriteRequest): Written {
    const { type } = request
    admitFields(object, type, request)
    if (object.metadata.resourceVersion)
      throw badRequest('resourceVersion should not be set on objects to be created')
    return this.#create(object, request, (complete) =>
      trackUpdate(complete, undefined, type.schema, this.#writer(request, 'Update')),
    )
  }

  /**
   * Changes an object.
   * @param change gets a copy of the live object, returns what it shall be
   * @throws ApiError 404, 409 Conflict, 422
   */
  update(request: WriteRequest, change: (live: KubeObject) => KubeObject): Written {
    const { type } = request
    const live = this.#live(request)
    const object = change(live.copy())
    admitFields(object, type, request)
    return this.#change(live, object, request, (complete) =>
      trackUpdate(complete, live.object, type.schema, this.#writer(request, 'Update')),
    )
  }

  /** Server-side apply; creates the object when it is not there. @throws ApiError 409 with the conflicts */
  apply(applied: KubeObject, request: WriteRequest, force: boolean): Written {
    const { type } = request
    checkApplied(applied, request.name, type)
    const live = this.#store.get(this.#place(request, request.name))
    if (!live && applied.metadata.uid) {
      const why = `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`
      throw conflict(type, request.name, why)
    }
    const writer = this.#writer(request, 'Apply')
    const ignored = type.hasStatus && request.subresource === '' ? STATUS_ONLY : NONE
    const options = { schema: type.schema, writer, force, ignored }
    applied.metadata.name = request.name
    if (request.namespace) applied.metadata.namespace = request.namespace
    if (!live && request.subresource) throw notFound(type, request.name)
    const source = type.hasStatus ? this.#applicable(applied, request) : applied
    const object = applyObject(live?.copy(), source, options)
    if (!live) return this.#create(object, request, () => undefined)
    checkPreconditions(live.object, applied.metadata, type)
    return this.#change(live, object, request, () => undefined)
  }

  // At /status only the status counts; at the main endpoint everything but it.
  #applicable(applied: KubeObject, request: WriteRequest): KubeObject {
    const { status, ...rest } = applied
    if (request.subresource === '') return rest as KubeObject
    const { apiVersion, kind, metadata } = applied
    const { name, namespace } = metadata
    return {
      apiVersion,
      kind,
      metadata: { ...(name && { name }), ...(namespace && { namespace }) },
      ...(status !== undefined && { status }),
    }
  }

  #create(object: KubeObject, request: WriteRequest, track: (object: KubeObject) => void): Written {
    const { type, namespace, dryRun } = request
    const { metadata } = object
    if (!metadata.name && metadata.generateName)
      metadata.name = `${metadata.generateName}${randomBytes(4).toString('hex').slice(0, 5)}`
    if (type.namespaced) metadata.namespace = namespace
    else delete metadata.namespace
    Object.assign(metadata, { uid: randomUUID(), creationTimestamp: timestamp() })
    delete metadata.deletionTimestamp
    delete metadata.deletionGracePeriodSeconds
    if (type.hasGeneration) metadata.generation = 1
    else delete metadata.generation
    if (type.hasStatus) delete object.status
    completeObject(object, undefined, type)
    validateObject(object, undefined, type)
    const place = this.#place(request, metadata.name ?? '')
    if (this.#store.get(place)) throw alreadyExists(type, metadata.name ?? '')
    this.#checkNamespace(type, namespace, metadata.name ?? '')
    track(object)
    if (dryRun) return { stored: new StoredObject(JSON.stringify(object), 0, object), isNew: true }
    return { stored: this.#store.put(place, object), isNew: true }
  }

  #change(
    live: StoredObject,
    object: KubeObject,
    request: WriteRequest,
    track: (object: KubeObject) => void,
  ): Written {
    const { type } = request
    const old = live.object
    checkPreconditions(old, object.metadata, type)
    const changed = type.hasStatus ? this.#separate(object, old, request) : object
    this.#keepSystemMetadata(changed.metadata, old.metadata)
    completeObject(changed, old, type)
    validateObject(changed, old, type)
    track(changed)
    if (type.hasGeneration) this.#countGeneration(changed, old, type)
    if (equalJson(changed, old)) return { stored: live, isNew: false }
    if (request.dryRun)
      return { stored: new StoredObject(JSON.stringify(changed), 0, changed), isNew: false }
    const place = this.#place(request, old.metadata.name ?? '')
    const isDone = changed.metadata.deletionTimestamp && !changed.metadata.finalizers?.length
    if (isDone && type.kind !== 'Namespace')
      return { stored: this.#remover.finish(place, changed), isNew: false }
    return { stored: this.#store.put(place, changed), isNew: false }
  }

  #separate(object: KubeObject, old: KubeObject, request: WriteRequest): KubeObject {
    const { status: oldStatus, ...oldRest } = old
    if (request.subresource === 'status') {
      const { managedFields } = object.metadata
      const metadata = { ...old.metadata, ...(managedFields && { managedFields }) }
      const { status } = object
      return { ...oldRest, metadata, ...(status !== undefined && { status }) } as KubeObject
    }
    const { status: _ignored, ...rest } = object
    return { ...rest, ...(oldStatus !== undefined && { status: oldStatus }) } as KubeObject
  }

  #keepSystemMetadata(metadata: ObjectMeta, old: ObjectMeta): void {
    const { uid, creationTimestamp, generation, resourceVersion } = old
    const { namespace, deletionTimestamp, deletionGracePeriodSeconds } = old
    const system = { uid, creationTimestamp, generation, resourceVersion, namespace }
    const all = { ...system, deletionTimestamp, deletionGracePeriodSeconds }
    for (const [key, value] of Object.entries(all)) {
      if (value === undefined) delete metadata[key as keyof ObjectMeta]
      else Object.assign(metadata, { [key]: value })
    }
  }

  #countGeneration(object: KubeObject, old: KubeObject, type: ResourceType): void {
    const desired = ({ metadata: _m, status, ...rest }: KubeObject): unknown =>
      type.hasStatus ? rest : { ...rest, status }
    if (!equalJson(desired(object), desired(old)))
      object.metadata.generation = (old.metadata.generation ?? 0) + 1
  }

  #checkNamespace(type: ResourceType, namespace: string, name: string): void {
    if (!type.namespaced) return
    const found = this.#store.get({ resource: 'namespaces', key: namespace })
    if (!found) throw notFound(NAMESPACES, namespace)
    if (found.object.metadata.deletionTimestamp)
      throw forbidden(
        type,
        name,
        `unable to create new content in namespace ${namespace} because it is being terminated`,
      )
  }

  #live(request: WriteRequest): StoredObject {
    const live = this.#store.get(this.#place(request, request.name))
    if (!live) throw notFound(request.type, request.name)
    return live
  }

  #place({ type, namespace }: WriteRequest, name: string): Place {
    return { resource: resourceOf(type), key: keyOf(type.namespaced ? namespace : '', name) }
  }

  #writer(request: WriteRequest, operation: 'Apply' | 'Update'): Writer {
    return {
      manager: request.manager,
      operation,
      apiVersion: apiVersionOf(request.type),
      subresource: request.subresource,
      time: timestamp(),
    }
  }
}
