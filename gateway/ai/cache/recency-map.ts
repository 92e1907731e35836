interface Node<Value> {
  readonly key: string
  value: Value
  older: Node<Value> | undefined
  newer: Node<Value> | undefined
}

/**
 * A map that knows which of its values was used least recently. The order is a list of its own: a
 * `Map` whose first entries were deleted looks at their places again each time it is asked.
 */
export class RecencyMap<Value> {
  readonly #nodes = new Map<string, Node<Value>>()
  #oldest: Node<Value> | undefined
  #newest: Node<Value> | undefined

  get size(): number {
    return this.#nodes.size
  }

  /** Finds a value without using it. */
  peek(key: string): Value | undefined {
    return this.#nodes.get(key)?.value
  }

  use(key: string): Value | undefined {
    const node = this.#nodes.get(key)
    if (!node) return undefined
    this.#unlink(node)
    this.#append(node)
    return node.value
  }

  set(key: string, value: Value): void {
    this.delete(key)
    const node: Node<Value> = { key, value, older: undefined, newer: undefined }
    this.#nodes.set(key, node)
    this.#append(node)
  }

  delete(key: string): void {
    const node = this.#nodes.get(key)
    if (!node) return
    this.#nodes.delete(key)
    this.#unlink(node)
  }

  /** @returns what it was; undefined when there is none */
  dropOldest(): readonly [key: string, value: Value] | undefined {
    const node = this.#oldest
    if (!node) return undefined
    this.delete(node.key)
    return [node.key, node.value]
  }

  #append(node: Node<Value>): void {
    node.older = this.#newest
    node.newer = undefined
    if (this.#newest) this.#newest.newer = node
    else this.#oldest = node
    this.#newest = node
  }

  #unlink({ older, newer }: Node<Value>): void {
    if (older) older.newer = newer
    else this.#oldest = newer
    if (newer) newer.older = older
    else this.#newest = older
  }
}
