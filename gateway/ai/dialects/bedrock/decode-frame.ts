import { EventStreamCodec } from '@smithy/eventstream-codec'

const toText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()

const codec = new EventStreamCodec(toText, (text) => Buffer.from(text))

/** Of a kind that is not known, the body may be anything. */
const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** What a frame of a stream tells. */
export interface FrameMessage {
  readonly isError: boolean
  /** Of the event, or of the error. */
  readonly name: string
  /** Parsed; undefined when it is no JSON. */
  readonly data: unknown
}

/**
 * Reads a frame, which is whole; its checksums are checked.
 *
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 *
 * @returns undefined for a kind of message that is not known
 * @throws Error when it cannot be read
 */
export const decodeFrame = (frame: Uint8Array): FrameMessage | undefined => {
  const { headers, body } = codec.decode(frame)
  const read = (name: string): string => String(headers[name]?.value ?? '')
  switch (read(':message-type')) {
    case 'event':
      return { isError: false, name: read(':event-type'), data: parse(toText(body)) }
    case 'exception':
      return { isError: true, name: read(':exception-type'), data: parse(toText(body)) }
    case 'error':
      return {
        isError: true,
        name: read(':error-code'),
        data: { message: read(':error-message') },
      }
    default:
      return undefined
  }
}
