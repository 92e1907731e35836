import type { KubeObject } from '../json.ts'

/** One version of an object: its text, and the object, parsed when first asked for. Never changed. */
export class StoredObject {
  readonly json: string
  readonly resourceVersion: number
  #object: KubeObject | undefined

  constructor(json: string, resourceVersion: number, object?: KubeObject) {
    this.json = json
    this.resourceVersion = resourceVersion
    this.#object = object
  }

  /** The parsed object. It is shared: copy before changing. */
  get object(): KubeObject {
    this.#object ??= JSON.parse(this.json) as KubeObject
    return this.#object
  }

  /** A copy that may be changed. */
  copy(): KubeObject {
    return JSON.parse(this.json) as KubeObject
  }
}
