import { z } from 'zod'
import type { Usage } from '../../../link/model-stats.ts'
import { EventCutter } from '../../chat/event-cutter.ts'
import { readJson } from '../../chat/read-json.ts'
import { createSseDecoder } from '../../chat/sse-decoder.ts'
import { isFailure } from '../openai/provider-error.ts'
import { readResponsesUsage } from './usage.ts'

/** Within a string of JSON the quotes would be escaped; deeper objects are sorted out by reading. */
const TELLING = /"type":\s*"(?:response\.(?:completed|incomplete|failed)|error)"|"error":\s*[{"]/

const ENDS = ['response.completed', 'response.incomplete', 'response.failed']
const ERRORS = ['response.failed', 'error']

const telling = z.object({
  type: z.string().nullish().catch(null),
  response: z.unknown().optional(),
  error: z.unknown().optional(),
})

/**
 * Watches a stream go by. Text is held back only until its event is whole; every event is passed on
 * byte for byte. Strings hold one byte per character.
 */
export class ResponsesStream {
  /** The last event has passed. */
  isDone = false
  /** Whether the provider told of an error within it. */
  hasError = false
  usage: Usage | undefined
  readonly #cutter = new EventCutter()
  readonly #decoder = createSseDecoder(({ data }) => this.#inspect(data))

  /** Whether it came to its end as it should: an answer without is a part of one. */
  get isComplete(): boolean {
    return this.isDone
  }

  /**
   * @returns the events to pass on; empty where there are none
   * @throws RangeError for an event that does not end
   */
  push(chunk: string): string {
    const events = this.#cutter.push(chunk)
    // Few are read: the last, and those that tell of an error.
    if (TELLING.test(events)) this.#decoder.push(events)
    return events
  }

  /** @returns what is missing of an answer that is complete: nothing, without an end mark. */
  end(): string {
    return ''
  }

  #inspect(data: string): void {
    if (!TELLING.test(data)) return
    const event = readJson(telling, data)
    const type = event?.type ?? ''
    if (ERRORS.includes(type) || isFailure(event)) this.hasError = true
    if (!ENDS.includes(type)) return
    this.isDone = true
    this.usage = readResponsesUsage(event?.response) ?? this.usage
  }
}
