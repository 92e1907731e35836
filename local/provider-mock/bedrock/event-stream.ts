import { crc32 } from 'node:zlib'
import type { Framing, StreamEvent } from '../dialect.ts'

const PRELUDE_BYTES = 12
const CRC_BYTES = 4
const TYPE_STRING = 7

/**
 * AWS's binary frames: total length, length of the headers and a checksum of both; headers, payload
 * and a checksum of all (https://smithy.io/2.0/aws/amazon-eventstream.html).
 */
export const eventStream: Framing = {
  contentType: 'application/vnd.amazon.eventstream',
  encode: (events) => events.map(encodeFrame),
}

const encodeFrame = ({ name = '', text, isException }: StreamEvent): Buffer => {
  const kind = isException ? 'exception' : 'event'
  const headers = Buffer.concat([
    encodeHeader(`:${kind}-type`, name),
    encodeHeader(':content-type', 'application/json'),
    encodeHeader(':message-type', kind),
  ])
  const payload = Buffer.from(text)
  const frame = Buffer.alloc(PRELUDE_BYTES + headers.length + payload.length + CRC_BYTES)
  frame.writeUInt32BE(frame.length, 0)
  frame.writeUInt32BE(headers.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  headers.copy(frame, PRELUDE_BYTES)
  payload.copy(frame, PRELUDE_BYTES + headers.length)
  const end = frame.length - CRC_BYTES
  frame.writeUInt32BE(crc32(frame.subarray(0, end)), end)
  return frame
}

const encodeHeader = (name: string, value: string): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(Buffer.byteLength(value))
  return Buffer.concat([
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(TYPE_STRING),
    length,
    Buffer.from(value),
  ])
}
