import { EventStreamCodec } from '@smithy/eventstream-codec'
import { z } from 'zod'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
)

const header = (value: string) => ({ type: 'string' as const, value })

const toFrame = (headers: Readonly<Record<string, string>>, body: string): Uint8Array =>
  codec.encode({
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, header(value)]),
    ),
    body: Buffer.from(body),
  })

const JSON_TYPE = { ':content-type': 'application/json' }

/** What a frame holds, as the goldens write it: one of these names, and its data. */
const frame = z.union([
  z
    .strictObject({ event: z.string(), data: z.unknown() })
    .transform(({ event, data }) =>
      toFrame(
        { ':event-type': event, ...JSON_TYPE, ':message-type': 'event' },
        JSON.stringify(data),
      ),
    ),
  z
    .strictObject({ exception: z.string(), data: z.unknown().optional() })
    .transform(({ exception, data }) =>
      toFrame(
        { ':exception-type': exception, ...JSON_TYPE, ':message-type': 'exception' },
        data === undefined ? '' : JSON.stringify(data),
      ),
    ),
  z
    .strictObject({ error: z.string(), message: z.string() })
    .transform(({ error, message }) =>
      toFrame({ ':error-code': error, ':error-message': message, ':message-type': 'error' }, ''),
    ),
  z
    .strictObject({ messageType: z.string() })
    .transform(({ messageType }) => toFrame({ ':message-type': messageType }, '{}')),
])

/** Writes the frames of a stream as AWS does. */
export const encodeFrames = (frames: unknown): Buffer => Buffer.concat(z.array(frame).parse(frames))
