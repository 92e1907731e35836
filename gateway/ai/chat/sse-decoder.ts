import { createParser } from 'eventsource-parser'

/** A provider that sends so much without ending an event is not followed; an image fits. */
const MAX_EVENT_BYTES = 33_554_432

/** An event of a stream; comments and other fields are left out. */
export interface SseEvent {
  readonly name: string | undefined
  readonly data: string
}

/** Reads server-sent events. */
export interface SseDecoder {
  /**
   * @param chunk as it came, cut anywhere, one byte per character
   * @throws RangeError for an event that does not end
   */
  push(chunk: string): void
}

const NOT_ASCII = /[\x80-\xff]/

const toText = (latin1: string): string =>
  NOT_ASCII.test(latin1) ? Buffer.from(latin1, 'latin1').toString() : latin1

/**
 * Creates what hands out the events of a stream, each once its end has come, with its data as text.
 * An event without its end is none: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const createSseDecoder = (onEvent: (event: SseEvent) => void): SseDecoder => {
  const parser = createParser({
    maxBufferSize: MAX_EVENT_BYTES,
    onEvent: ({ event, data }) => onEvent({ name: event, data: toText(data) }),
    onError: ({ type }) => {
      // Of the others, fields that nobody knows, the specification says to skip them.
      if (type === 'max-buffer-size-exceeded') throw new RangeError('an event does not end')
    },
  })
  return { push: (chunk) => parser.feed(chunk) }
}
