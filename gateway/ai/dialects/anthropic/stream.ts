import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'
import { EventCutter } from '../../chat/event-cutter.ts'
import { readJson } from '../../chat/read-json.ts'
import { createSseDecoder } from '../../chat/sse-decoder.ts'
import { readCounts, type TokenCounts, toUsage } from './usage.ts'

/** What tells of more than words; the rest is passed on unread. */
const TELLING = /"type":\s*"(?:message_(?:start|delta|stop)|error)"/

/** Where the end mark begins. */
const STOP = /^event: ?message_stop|^data: ?\{"type": ?"message_stop"/m

const telling = z.object({
  type: z.string(),
  message: z.object({ usage: z.unknown().optional() }).optional().catch(undefined),
  usage: z.unknown().optional(),
  delta: z
    .object({ stop_reason: z.string().min(1) })
    .optional()
    .catch(undefined),
})

/**
 * Watches a stream go by. Text is held back only until its event is whole, for before that no
 * client can use it; every event is passed on byte for byte. Strings hold one byte per character.
 */
export class AnthropicStream {
  /** The end mark has passed. */
  isDone = false
  /** Whether the provider told of an error within it. */
  hasError = false
  #hasFinish = false
  #counts: TokenCounts = {}
  readonly #cutter = new EventCutter()
  readonly #sse = createSseDecoder(({ data }) => {
    if (TELLING.test(data)) this.#read(data)
  })

  /** As far as it was told. */
  get usage(): Usage | undefined {
    return toUsage(this.#counts)
  }

  /** Whether it came to its end as it should: an answer without is a part of one. */
  get isComplete(): boolean {
    return this.#hasFinish
  }

  /**
   * @returns the events to pass on; empty where there are none
   * @throws RangeError for an event that does not end
   */
  push(chunk: string): string {
    const events = this.#cutter.push(chunk)
    if (TELLING.test(events)) this.#sse.push(events)
    // A part of an answer must not end as a whole one does.
    const stop = this.isDone && !this.#hasFinish ? events.search(STOP) : -1
    return stop < 0 ? events : events.slice(0, stop)
  }

  /** @returns what is missing of an answer that is complete. */
  end(): string {
    if (this.isDone || !this.#hasFinish) return ''
    return 'event: message_stop\ndata: {"type":"message_stop"}\n\n'
  }

  #read(data: string): void {
    const event = readJson(telling, data)
    switch (event?.type) {
      case 'message_start':
        this.#count(event.message?.usage)
        break
      case 'message_delta':
        if (event.delta) this.#hasFinish = true
        this.#count(event.usage)
        break
      case 'message_stop':
        this.isDone = true
        break
      case 'error':
        this.hasError = true
        break
      default:
      // Words that look like it.
    }
  }

  /** What is told later is cumulative, and takes the place of what was told before. */
  #count(usage: unknown): void {
    this.#counts = { ...this.#counts, ...readCounts(usage) }
  }
}
