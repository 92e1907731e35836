import type { Usage } from '../../../link/model-stats.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

/** A provider that sends so much without ending an event is not followed. */
const MAX_EVENT_BYTES = 1 << 20

/** Where the last event that is whole ends: 0 for none. */
const findEnd = (text: string): number => {
  const unix = text.lastIndexOf('\n\n')
  const dos = text.lastIndexOf('\r\n\r\n')
  return Math.max(unix < 0 ? 0 : unix + 2, dos < 0 ? 0 : dos + 4)
}

const USAGE = /"usage":\s*\{/
const FINISH = /"finish_reason":\s*"/
const ERROR = /"error":\s*[{"]/
const DONE = /^data: ?\[DONE\]/m

const EVENT_END = /(?<=\n\r?\n)/

/** Whether it must be read: the rest is passed on as it is. */
const isTelling = (text: string): boolean => USAGE.test(text) || ERROR.test(text)

const toJson = (event: string): unknown => {
  const data = event.replace(/^data: ?/gm, '')
  try {
    return JSON.parse(Buffer.from(data, 'latin1').toString())
  } catch {
    return undefined
  }
}

interface Chunk {
  readonly choices?: readonly unknown[]
}

/**
 * Watches a stream go by. Text is held back only until its event is whole, for before that no
 * client can use it; every event is passed on byte for byte. Strings hold one byte per character.
 */
export class OpenAiStream {
  /** Whether it came to its end as it should: an answer without is a part of one. */
  isComplete = false
  /** Whether the provider told of an error within it. */
  hasError = false
  usage: Usage | undefined
  readonly #hidesUsage: boolean
  #isDone = false
  #tail = ''

  /** @param hidesUsage the caller did not ask for the event that tells it */
  constructor(hidesUsage: boolean) {
    this.#hidesUsage = hidesUsage
  }

  /** @returns what to pass on. @throws RangeError for an event that does not end. */
  push(chunk: string): string {
    const text = this.#tail === '' ? chunk : this.#tail + chunk
    const end = findEnd(text)
    this.#tail = text.slice(end)
    if (this.#tail.length > MAX_EVENT_BYTES) throw new RangeError('an event does not end')
    return end === 0 ? '' : this.#inspect(text.slice(0, end))
  }

  /** @returns what is missing of an answer that is complete. */
  end(): string {
    return this.isComplete && !this.#isDone ? 'data: [DONE]\n\n' : ''
  }

  #inspect(events: string): string {
    if (FINISH.test(events)) this.isComplete = true
    if (DONE.test(events)) {
      this.#isDone = true
      this.isComplete = true
    }
    if (!isTelling(events)) return events
    // Rare: once in a stream.
    let passed = ''
    for (const event of events.split(EVENT_END)) if (this.#isPassed(event)) passed += event
    return passed
  }

  #isPassed(event: string): boolean {
    if (!isTelling(event)) return true
    const chunk = toJson(event) as Chunk | undefined
    if (isFailure(chunk)) this.hasError = true
    this.usage = readUsage(chunk) ?? this.usage
    const onlyUsage = Array.isArray(chunk?.choices) && chunk.choices.length === 0
    return !(this.#hidesUsage && onlyUsage && USAGE.test(event))
  }
}
