import type { Usage } from '../../../link/model-stats.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

/** A provider that sends so much without ending an event is not followed; an image fits. */
const MAX_EVENT_BYTES = 33_554_432
/** What may stand on both sides of a cut within the end of an event. */
const SEAM = 3

/** Where the last event that is whole ends: 0 for none. */
const findEnd = (text: string): number => {
  const unix = text.lastIndexOf('\n\n')
  const dos = text.lastIndexOf('\r\n\r\n')
  return Math.max(unix < 0 ? 0 : unix + 2, dos < 0 ? 0 : dos + 4)
}

const USAGE = /"usage":\s*\{/
const FINISH = /"finish_reason":\s*"[^"]/
const ERROR = /"error":\s*[{"]|"base_resp":\s*\{/
const DONE = /^data: ?\[DONE\]/m
const DATA = /^data:/m
const EVENT_END = /(?<=\n\r?\n)/

/** Whole events, with their ends. Few servers write carriage returns, and then it costs more. */
const splitEvents = (text: string): string[] =>
  text.includes('\r')
    ? text.split(EVENT_END)
    : text
        .split('\n\n')
        .slice(0, -1)
        .map((event) => `${event}\n\n`)

/** Whether it must be read: the rest is passed on as it is. */
const isTelling = (text: string): boolean => USAGE.test(text) || ERROR.test(text)

/** The data of an event, other fields and comments aside. */
const toJson = (event: string): unknown => {
  const lines = Array.from(event.matchAll(/^data: ?(.*)$/gm), ([, line = '']) => line)
  try {
    return JSON.parse(Buffer.from(lines.join('\n'), 'latin1').toString())
  } catch {
    return undefined
  }
}

interface Chunk {
  readonly choices?: readonly unknown[]
}

export interface OpenAiStreamOptions {
  /** The caller did not ask for the event that tells it. */
  readonly hidesUsage: boolean
  /** Answers side by side: of several, only the end mark says that all are complete. */
  readonly choices: number
}

/**
 * Watches a stream go by. Text is held back only until its event is whole, for before that no
 * client can use it; every event is passed on byte for byte. Strings hold one byte per character.
 */
export class OpenAiStream {
  /** The end mark has passed. */
  isDone = false
  /** Whether the provider told of an error within it. */
  hasError = false
  usage: Usage | undefined
  readonly #options: OpenAiStreamOptions
  #hasFinish = false
  #tail: string[] = []
  #tailLength = 0

  constructor(options: OpenAiStreamOptions) {
    this.#options = options
  }

  /** Whether it came to its end as it should: an answer without is a part of one. */
  get isComplete(): boolean {
    return this.isDone || (this.#hasFinish && this.#options.choices === 1)
  }

  /**
   * @returns the events to pass on; empty where there are none
   * @throws RangeError for an event that does not end
   */
  push(chunk: string): string {
    const seam = (this.#tail.at(-1) ?? '').slice(-SEAM)
    if (findEnd(seam + chunk) === 0) {
      this.#hold(chunk)
      return ''
    }
    const text = this.#tail.length === 0 ? chunk : this.#tail.join('') + chunk
    const end = findEnd(text)
    this.#tail = []
    this.#tailLength = 0
    if (end < text.length) this.#hold(text.slice(end))
    return this.#inspect(text.slice(0, end))
  }

  /** @returns what is missing of an answer that is complete. */
  end(): string {
    return this.isComplete && !this.isDone ? 'data: [DONE]\n\n' : ''
  }

  #hold(text: string): void {
    // Pieces shorter than a seam would hide it.
    const last = this.#tail.at(-1)
    const isShort = text.length < SEAM || (last?.length ?? SEAM) < SEAM
    if (last !== undefined && isShort) this.#tail[this.#tail.length - 1] = last + text
    else this.#tail.push(text)
    this.#tailLength += text.length
    if (this.#tailLength > MAX_EVENT_BYTES) throw new RangeError('an event does not end')
  }

  #inspect(events: string): string {
    if (FINISH.test(events)) this.#hasFinish = true
    if (DONE.test(events)) this.isDone = true
    if (!isTelling(events)) return events
    // Rare: once in a stream.
    let passed = ''
    for (const event of splitEvents(events)) if (this.#isPassed(event)) passed += event
    return passed
  }

  #isPassed(event: string): boolean {
    if (!isTelling(event)) return true
    const chunk = toJson(event) as Chunk | undefined
    if (isFailure(chunk)) this.hasError = true
    this.usage = readUsage(chunk) ?? this.usage
    const onlyUsage = Array.isArray(chunk?.choices) && chunk.choices.length === 0
    return !(this.#options.hidesUsage && onlyUsage && USAGE.test(event))
  }
}

/** Whether events hold more than comments, which only keep a connection alive. */
export const hasData = (events: string): boolean => DATA.test(events)
