import type { ChatAnswer } from '../chat/answer.ts'
import { RecencyMap } from './recency-map.ts'
import { type Place, VectorIndex } from './vector-index.ts'

/** How an answer is kept. */
export interface Keeping {
  /** On the clock of those who ask for it. */
  readonly expiresAtMs: number
  /** By which it is found for similar questions; without one, that of its key stays as it is. */
  readonly place?: Place | undefined
}

/** Answers by the keys of calls, for all caches of a process. */
export interface AnswerStore {
  /** What it takes of memory, about. */
  readonly bytes: number
  find(key: string, nowMs: number): ChatAnswer | undefined
  /** @returns the answer to the question that is most like this one, if it is alike enough */
  findSimilar(place: Place, threshold: number, nowMs: number): ChatAnswer | undefined
  /** In place of what has the same key. One that is too long is not kept. */
  keep(key: string, answer: ChatAnswer, keeping: Keeping): void
}

interface Kept {
  readonly json: Uint8Array
  readonly expiresAtMs: number
}

const MAX_BYTES = 67_108_864
const MAX_ENTRY_BYTES = 1_048_576
/** What an answer takes beside its text: keys, and places in maps. */
const OVERHEAD_BYTES = 512

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const toBytes = ({ json }: Kept): number => json.byteLength + OVERHEAD_BYTES

/**
 * Answers in the memory of this process, as JSON: that has a length, and nobody can change what
 * others get. What has expired goes when it is asked for, or when room is needed.
 *
 * @param options.maxBytes of all together; of too many, those go first that were not asked for
 */
export const createAnswerStore = ({ maxBytes = MAX_BYTES } = {}): AnswerStore => {
  const answers = new RecencyMap<Kept>()
  const vectors = new VectorIndex()
  let bytes = 0

  const drop = (key: string, kept: Kept): void => {
    bytes -= toBytes(kept)
    answers.delete(key)
    vectors.delete(key)
  }

  const find = (key: string, nowMs: number): ChatAnswer | undefined => {
    const kept = answers.use(key)
    if (!kept) return undefined
    if (kept.expiresAtMs > nowMs) return JSON.parse(decoder.decode(kept.json)) as ChatAnswer
    drop(key, kept)
    return undefined
  }

  const isAlive = (key: string, nowMs: number): boolean =>
    (answers.peek(key)?.expiresAtMs ?? nowMs) > nowMs

  const makeRoom = (): void => {
    while (bytes + vectors.bytes > maxBytes) {
      const oldest = answers.dropOldest()
      if (!oldest) return
      drop(...oldest)
    }
  }

  return {
    get bytes() {
      return bytes + vectors.bytes
    },
    find,
    findSimilar(place, threshold, nowMs) {
      const key = vectors.findNearest(place, threshold, (each) => isAlive(each, nowMs))
      return key === undefined ? undefined : find(key, nowMs)
    },
    keep(key, answer, { expiresAtMs, place = vectors.find(key) }) {
      const earlier = answers.peek(key)
      if (earlier) drop(key, earlier)
      const kept: Kept = { json: encoder.encode(JSON.stringify(answer)), expiresAtMs }
      if (toBytes(kept) + (place?.vector.byteLength ?? 0) > MAX_ENTRY_BYTES) return
      answers.set(key, kept)
      bytes += toBytes(kept)
      if (place) vectors.set(key, place)
      makeRoom()
    },
  }
}
