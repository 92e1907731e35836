import type { Call } from '../call.ts'
import type { ChatAnswer } from '../chat/answer.ts'
import type { Gate, Passage } from '../gates/gate.ts'
import type { AnswerStore } from './answer-store.ts'
import { readCacheControl } from './cache-control.ts'
import { type KeyOptions, toAnswerKey, toGroupKey } from './cache-key.ts'
import { type Embed, embedInTime } from './embed-in-time.ts'
import { createKeepingFilter, isKeepable } from './keeping-filter.ts'
import { toQuestion } from './question.ts'
import type { Place } from './vector-index.ts'

/** What a cache is made of. */
export interface CacheOptions extends KeyOptions {
  readonly store: AnswerStore
  /** Where the rule is semantic; without it, only equal calls are answered. */
  readonly embed?: Embed
  /** Milliseconds, of a clock that is the same for all gates of the store. */
  readonly now?: () => number
}

/** Where the answer to a call is to be kept. */
interface Slot {
  readonly key: string
  readonly place?: Place | undefined
}

type Cache = CacheOptions & Required<Pick<CacheOptions, 'now'>>

const findPlace = async (cache: Cache, call: Call): Promise<Place | undefined> => {
  const { rule, embed } = cache
  if (!rule.semantic || !embed) return undefined
  const text = toQuestion(call.request)
  if (text === undefined) return undefined
  const group = toGroupKey(cache, call)
  const vector = await embedInTime(embed, call, text)
  return group !== undefined && vector ? { group, vector } : undefined
}

/** What is known of a call: its answer, or else where to keep that. */
interface Found {
  readonly answer?: ChatAnswer
  readonly slot?: Slot
}

const lookUp = async (cache: Cache, call: Call, key: string): Promise<Found> => {
  const { rule, store, now } = cache
  const equal = store.find(key, now())
  if (equal) return { answer: equal }
  const place = await findPlace(cache, call)
  const threshold = rule.semantic?.threshold ?? 1
  const similar = place && store.findSimilar(place, threshold, now())
  return similar ? { answer: similar } : { slot: { key, place } }
}

/** @param isFresh whether the caller wants a new answer */
const openPassage = (cache: Cache, call: Call, isFresh: boolean): Passage => {
  const { rule, store, now } = cache
  let slot: Slot | undefined
  let status: Passage['cache']

  let answered: ChatAnswer | undefined
  const keep = (answer: ChatAnswer): void => {
    if (!slot || !isKeepable(answer)) return
    const { key, place } = slot
    store.keep(key, answer, { expiresAtMs: now() + rule.ttlMs, place })
  }

  return {
    isReading: true,
    isHolding: false,
    get cache() {
      return status
    },
    async enter() {
      const key = toAnswerKey(cache, call)
      if (key === undefined) return undefined
      const found: Found = isFresh ? { slot: { key } } : await lookUp(cache, call, key)
      if (!isFresh) status = found.answer ? 'hit' : 'miss'
      slot = found.slot
      return found.answer
    },
    createFilter: () => createKeepingFilter(keep),
    async leave(answer) {
      answered = answer
      return answer
    },
    // Not before the other gates have let it pass: what they refuse would be refused for ever.
    passed() {
      if (answered) keep(answered)
    },
  }
}

/**
 * Creates the gate of one cache: it answers what was answered before, streamed or not, and keeps
 * the answers that pass. An answer from it has the usage that it once had, for the caller to see;
 * it costs nothing. Equal calls that come at the same time may all reach a model: the last answer
 * stays.
 */
export const createCacheGate = (options: CacheOptions): Gate => {
  const cache: Cache = { now: () => performance.now(), ...options }
  return {
    open(call) {
      const control = readCacheControl(call.headers)
      if (call.surface.operation !== 'chat' || control === 'no-store') return {}
      return openPassage(cache, call, control === 'no-cache')
    },
  }
}
