import type { Store } from '../storage/store.ts'
import { BUILT_INS } from './built-ins.ts'
import { typesOfCrd } from './crd.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io'

/** All served resources: the built-ins and what CustomResourceDefinitions add. */
export class Registry {
  readonly #store: Store
  #types: readonly ResourceType[] = []
  #byPath = new Map<string, ResourceType>()
  /** Grows when what is served changes. */
  revision = 0

  constructor(store: Store) {
    this.#store = store
    this.#rebuild()
    store.listen((event) => {
      if (event.resource === CRDS) this.#rebuild()
    })
  }

  get types(): readonly ResourceType[] {
    return this.#types
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`)
  }

  /** The type of an object by its apiVersion and kind. */
  findKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.#types.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion)
  }

  #rebuild(): void {
    const crds = this.#store.collection(CRDS)
    const custom = [...crds.keys()].flatMap((key) => {
      const crd = crds.get(key)
      return crd ? typesOfCrd(crd.object) : []
    })
    this.#types = [...BUILT_INS, ...custom]
    this.#byPath = new Map(
      this.#types.map((type) => [`${type.group}/${type.version}/${type.plural}`, type]),
    )
    this.revision += 1
  }
}
