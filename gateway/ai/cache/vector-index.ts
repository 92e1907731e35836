import { RecencyMap } from './recency-map.ts'
import { toSimilarity } from './vector.ts'

/** Where a question stands among others. */
export interface Place {
  /** Of the questions that it may be compared with. */
  readonly group: string
  /** Of length 1. */
  readonly vector: Float32Array
}

/** How many vectors are kept, at most. */
export interface VectorLimits {
  readonly maxVectors: number
  readonly maxInGroup: number
}

const LIMITS: VectorLimits = { maxVectors: 20_000, maxInGroup: 1000 }

/** By so much the cosine of a vector and itself may miss 1. */
const ROUNDING = 1e-6

/** Vectors by the keys of answers; of too many, the oldest go first. */
export class VectorIndex {
  /** Of all vectors together. */
  bytes = 0
  readonly #limits: VectorLimits
  readonly #places = new RecencyMap<Place>()
  readonly #groups = new Map<string, Map<string, Float32Array>>()

  constructor(limits: VectorLimits = LIMITS) {
    this.#limits = limits
  }

  find(key: string): Place | undefined {
    return this.#places.peek(key)
  }

  set(key: string, place: Place): void {
    this.delete(key)
    this.#makeRoom(place.group)
    const group = this.#groups.get(place.group) ?? new Map<string, Float32Array>()
    group.set(key, place.vector)
    this.#groups.set(place.group, group)
    this.#places.set(key, place)
    this.bytes += place.vector.byteLength
  }

  delete(key: string): void {
    const place = this.#places.peek(key)
    if (!place) return
    this.#places.delete(key)
    this.#leaveGroup(key, place)
  }

  /** @returns the key of the most similar one, of equal ones the newest */
  findNearest(
    { group, vector }: Place,
    threshold: number,
    isAlive: (key: string) => boolean,
  ): string | undefined {
    let nearest: string | undefined
    let best = threshold - ROUNDING
    for (const [key, other] of this.#groups.get(group) ?? []) {
      const similarity = toSimilarity(vector, other)
      if (similarity < best || !isAlive(key)) continue
      nearest = key
      best = similarity
    }
    return nearest
  }

  #makeRoom(groupKey: string): void {
    const group = this.#groups.get(groupKey)
    if (group && group.size >= this.#limits.maxInGroup) {
      const [oldest] = group.keys()
      if (oldest !== undefined) this.delete(oldest)
    }
    if (this.#places.size < this.#limits.maxVectors) return
    const dropped = this.#places.dropOldest()
    if (dropped) this.#leaveGroup(...dropped)
  }

  #leaveGroup(key: string, { group: groupKey, vector }: Place): void {
    this.bytes -= vector.byteLength
    const group = this.#groups.get(groupKey)
    group?.delete(key)
    if (group?.size === 0) this.#groups.delete(groupKey)
  }
}
