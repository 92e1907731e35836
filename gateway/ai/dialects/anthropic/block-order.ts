import type { ChatEvent } from '../../chat/answer.ts'
import { JsonEnd } from './json-end.ts'

/** What belongs to no block. */
const ASIDE = new Set<ChatEvent['type']>(['start', 'usage', 'error', 'end'])

/** What is said together: a call and its arguments, or all that stands between two calls. */
interface Group {
  readonly call: number | undefined
  readonly events: ChatEvent[]
}

/**
 * Puts the pieces of an answer in the order of its blocks: providers may write several calls side
 * by side, but here a block must end before the next one begins. What belongs to a later one is
 * held until the call before it is whole, or all is said.
 */
export class BlockOrder {
  /** The call that is being written, or was last. */
  #call: number | undefined
  #end: JsonEnd | undefined
  #held: Group[] = []
  /** The first of those held that is still to be told. */
  #next = 0
  readonly #byCall = new Map<number, Group>()

  push(event: ChatEvent): readonly ChatEvent[] {
    if (ASIDE.has(event.type)) return [event]
    if (event.type === 'finish') return [...this.#release(true), event]
    const isOfOpen = event.type === 'toolArguments' && event.index === this.#call
    if (this.#end && !isOfOpen) {
      this.#hold(event)
      return []
    }
    const told = this.#tell(event)
    return this.#end || this.#held.length === 0 ? told : [...told, ...this.#release(false)]
  }

  #tell(event: ChatEvent): ChatEvent[] {
    if (event.type === 'toolArguments') {
      // Of a call that is over: behind its end, arguments have nothing but spaces.
      if (event.index !== this.#call) return []
      this.#end?.push(event.json)
      if (this.#end?.isReached) this.#end = undefined
    } else if (event.type === 'toolCall') {
      this.#call = event.index
      this.#end = new JsonEnd()
    } else this.#call = undefined
    return [event]
  }

  #hold(event: ChatEvent): void {
    if (event.type === 'toolArguments') {
      this.#byCall.get(event.index)?.events.push(event)
      return
    }
    const last = this.#held.at(-1)
    if (event.type !== 'toolCall' && last && last.call === undefined) {
      last.events.push(event)
      return
    }
    const group = { call: event.type === 'toolCall' ? event.index : undefined, events: [event] }
    this.#held.push(group)
    if (group.call !== undefined) this.#byCall.set(group.call, group)
  }

  /** @param isAll whether no more will be said, so that every call is as whole as it will be */
  #release(isAll: boolean): ChatEvent[] {
    const told: ChatEvent[] = []
    while (this.#next < this.#held.length && (isAll || !this.#end)) {
      const group = this.#held[this.#next]
      this.#next += 1
      if (!group) break
      if (group.call !== undefined) this.#byCall.delete(group.call)
      for (const event of group.events) for (const each of this.#tell(event)) told.push(each)
    }
    if (this.#next === this.#held.length) {
      this.#held = []
      this.#next = 0
    }
    return told
  }
}
