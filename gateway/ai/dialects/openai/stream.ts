import type { Usage } from '../../../link/model-stats.ts'
import { EventCutter } from '../../chat/event-cutter.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

const USAGE = /"usage":\s*\{/
const FINISH = /"finish_reason":\s*"[^"]/
const ERROR = /"error":\s*[{"]|"base_resp":\s*\{/
const DONE = /^data: ?\[DONE\]/m
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
  readonly #cutter = new EventCutter()

  constructor(options: OpenAiStreamOptions) {
    this.#options = options
  }

  /** Whether it came to its end as it should: an answer without is a part of one. */
  get isComplete(): boolean {
    return this.#hasFinish && (this.isDone || this.#options.choices === 1)
  }

  /**
   * @returns the events to pass on; empty where there are none
   * @throws RangeError for an event that does not end
   */
  push(chunk: string): string {
    const events = this.#cutter.push(chunk)
    return events === '' ? '' : this.#inspect(events)
  }

  /** @returns what is missing of an answer that is complete. */
  end(): string {
    return this.isComplete && !this.isDone ? 'data: [DONE]\n\n' : ''
  }

  #inspect(events: string): string {
    if (FINISH.test(events)) this.#hasFinish = true
    if (DONE.test(events)) this.isDone = true
    // A part of an answer must not end as a whole one does.
    const told = this.isDone && !this.#hasFinish ? events.slice(0, events.search(DONE)) : events
    if (!isTelling(told)) return told
    // Rare: once in a stream.
    let passed = ''
    for (const event of splitEvents(told)) if (this.#isPassed(event)) passed += event
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
