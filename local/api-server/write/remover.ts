import { isObject, type KubeObject } from '../json.ts'
import { crdSpec } from '../registry/crd.ts'
import type { Place, Store } from '../storage/store.ts'
import type { StoredObject } from '../storage/stored-object.ts'
import { Owners } from './owners.ts'

export type PropagationPolicy = 'Orphan' | 'Background' | 'Foreground'

const NAMESPACES = 'namespaces'
const CRDS = 'customresourcedefinitions.apiextensions.k8s.io'

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io'

/** Deletes objects, and with them what belongs to them: dependents, contents of namespaces, objects of a kind. */
export class Remover {
  readonly #store: Store
  readonly #owners: Owners

  constructor(store: Store) {
    this.#store = store
    this.#owners = new Owners(store)
  }

  /**
   * Deletes, or marks as being deleted what has finalizers.
   * @returns the last state, and whether the object is gone
   */
  delete(place: Place, policy: PropagationPolicy): { stored: StoredObject; isGone: boolean } {
    const live = this.#store.get(place)
    if (!live) throw new RangeError(`there is no ${place.resource} ${place.key}`)
    const object = live.copy()
    if (place.resource === NAMESPACES) return this.#deleteNamespace(place, object)
    if (place.resource === CRDS) this.#deleteObjectsOf(object)
    if (object.metadata.finalizers?.length)
      return { stored: this.#mark(place, object, live), isGone: false }
    return { stored: this.finish(place, object, policy), isGone: true }
  }

  /** Takes an object out of the store, whatever its finalizers, then what depended on it. */
  finish(place: Place, last: KubeObject, policy: PropagationPolicy = 'Background'): StoredObject {
    const stored = this.#store.remove(place, last)
    const uid = last.metadata.uid ?? ''
    for (const dependent of this.#owners.dependentsOf(uid)) this.#release(dependent, uid, policy)
    const { namespace } = last.metadata
    if (namespace) this.#finishNamespace(namespace)
    this.#finishDefinition(place.resource)
    return stored
  }

  // A definition stays until the last of its objects is gone: some may have finalizers.
  #deleteObjectsOf(crd: KubeObject): void {
    const { names, group } = crdSpec(crd)
    const resource = `${names.plural}.${group}`
    this.#deleteAll(resource, '')
    const { finalizers = [] } = crd.metadata
    if (this.#store.collection(resource).size > 0 && !finalizers.includes(CLEANUP))
      crd.metadata.finalizers = [...finalizers, CLEANUP]
  }

  #finishDefinition(resource: string): void {
    const place = { resource: CRDS, key: resource }
    const crd = this.#store.get(place)?.copy()
    if (!crd?.metadata.deletionTimestamp || this.#store.collection(resource).size > 0) return
    const finalizers = (crd.metadata.finalizers ?? []).filter((name) => name !== CLEANUP)
    if (finalizers.length === 0) this.#store.remove(place, crd)
  }

  #mark(place: Place, object: KubeObject, live: StoredObject): StoredObject {
    if (object.metadata.deletionTimestamp) return live
    object.metadata.deletionTimestamp = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
    object.metadata.deletionGracePeriodSeconds = 0
    if (object.metadata.generation !== undefined) object.metadata.generation += 1
    return this.#store.put(place, object)
  }

  // A dependent lives as long as one of its owners does.
  #release(place: Place, uid: string, policy: PropagationPolicy): void {
    const object = this.#store.get(place)?.copy()
    if (!object) return
    const others = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid)
    if (policy !== 'Orphan' && others.length === 0) {
      this.delete(place, policy)
      return
    }
    if (others.length > 0) object.metadata.ownerReferences = others
    else delete object.metadata.ownerReferences
    this.#store.put(place, object)
  }

  #deleteAll(resource: string, prefix: string): void {
    for (const key of [...this.#store.collection(resource).keys(prefix)])
      if (this.#store.get({ resource, key })) this.delete({ resource, key }, 'Background')
  }

  #deleteNamespace(place: Place, object: KubeObject): { stored: StoredObject; isGone: boolean } {
    const name = place.key
    object.metadata.deletionTimestamp ??= new Date().toISOString().replace(/\.\d+Z$/, 'Z')
    object.status = { ...(isObject(object.status) ? object.status : {}), phase: 'Terminating' }
    const stored = this.#store.put(place, object)
    for (const resource of this.#store.resources())
      if (resource !== NAMESPACES) this.#deleteAll(resource, `${name}/`)
    this.#finishNamespace(name)
    return { stored, isGone: this.#store.get(place) === undefined }
  }

  #finishNamespace(name: string): void {
    const place = { resource: NAMESPACES, key: name }
    const namespace = this.#store.get(place)
    if (!namespace?.object.metadata.deletionTimestamp) return
    const isEmpty = this.#store
      .resources()
      .every((resource) => this.#store.collection(resource).keys(`${name}/`).next().done)
    if (isEmpty && !namespace.object.metadata.finalizers?.length)
      this.#store.remove(place, namespace.copy())
  }
}
