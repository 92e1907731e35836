import type { KubeObject } from '../json.ts'
import type { Place, Store } from '../storage/store.ts'

const idOf = (place: Place): string => `${place.resource} ${place.key}`

const ownersIn = (object: KubeObject): string[] =>
  (object.metadata.ownerReferences ?? []).map((owner) => owner.uid)

/** Who depends on whom: dependents by the uid of their owner. */
export class Owners {
  readonly #dependents = new Map<string, Map<string, Place>>()

  constructor(store: Store) {
    for (const resource of store.resources()) {
      const objects = store.collection(resource)
      for (const key of objects.keys()) {
        const stored = objects.get(key)
        // Parsing every object at start would be slow; few have owners.
        if (stored?.json.includes('"ownerReferences"'))
          this.#replace({ resource, key }, [], ownersIn(stored.object))
      }
    }
    store.listen(({ resource, key, type, stored, previous }) => {
      const before = previous ? ownersIn(previous.object) : []
      const after = type === 'DELETED' ? [] : ownersIn(stored.object)
      if (before.length > 0 || after.length > 0) this.#replace({ resource, key }, before, after)
    })
  }

  /** Where the objects are that name this uid as an owner. */
  dependentsOf(uid: string): Place[] {
    return [...(this.#dependents.get(uid)?.values() ?? [])]
  }

  #replace(place: Place, before: readonly string[], after: readonly string[]): void {
    for (const uid of before) {
      const places = this.#dependents.get(uid)
      places?.delete(idOf(place))
      if (places?.size === 0) this.#dependents.delete(uid)
    }
    for (const uid of after) {
      const places = this.#dependents.get(uid) ?? new Map<string, Place>()
      places.set(idOf(place), place)
      this.#dependents.set(uid, places)
    }
  }
}
