import type { StoredObject } from './stored-object.ts'

/** The objects of one resource in the order of their keys. */
export class Collection {
  readonly #objects = new Map<string, StoredObject>()
  readonly #keys: string[] = []

  get size(): number {
    return this.#keys.length
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key)
  }

  set(key: string, stored: StoredObject): void {
    if (!this.#objects.has(key)) {
      const at = this.#indexOf(key)
      if (at === this.#keys.length) this.#keys.push(key)
      else this.#keys.splice(at, 0, key)
    }
    this.#objects.set(key, stored)
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#keys.splice(this.#indexOf(key), 1)
  }

  /** Keys that begin with the prefix and do not come before `from`. */
  *keys(prefix = '', from = ''): Generator<string> {
    const start = from > prefix ? from : prefix
    for (let index = this.#indexOf(start); index < this.#keys.length; index += 1) {
      const key = this.#keys[index] ?? ''
      if (!key.startsWith(prefix)) return
      yield key
    }
  }

  #indexOf(key: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#keys[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }
}
