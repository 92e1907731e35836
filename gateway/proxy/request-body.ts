import { Transform } from 'node:stream'
import type { StreamBody } from '../upstream/http1/contract.ts'
import type { Incoming } from './http.ts'

/** Bodies up to this are read whole before they are sent on: they can be sent again, and mirrored. */
const MAX_BUFFERED_BYTES = 65_536

/** A body ready to send: nothing, all of it, or a stream that is sent once. */
export type RequestBody = null | Buffer | StreamBody

/** The body is larger than the gateway takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

const contentLength = (incoming: Incoming): number | null => {
  const text = incoming.headers['content-length']
  return text === undefined ? null : Number(text)
}

/** Whether a request has a body; RFC 9112 §6.3: without framing there is none. */
export const hasBody = (incoming: Incoming): boolean => {
  if ('stream' in incoming) return !incoming.stream.endAfterHeaders
  const raw = incoming.rawHeaders
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const { length } = raw[i] as string
    if (length !== 14 && length !== 17) continue
    const name = (raw[i] as string).toLowerCase()
    if (name === 'content-length') return raw[i + 1] !== '0'
    if (name === 'transfer-encoding') return true
  }
  return false
}

const collect = (incoming: Incoming, done: (body: Buffer) => void): void => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const [first] = chunks
    done(chunks.length === 1 && first ? first : Buffer.concat(chunks))
  })
}

/** Fails once more than `maxBytes` came: only what has no declared length needs it. */
const limit = (incoming: Incoming, maxBytes: number): NodeJS.ReadableStream => {
  let bytes = 0
  const limiter = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length
      if (bytes > maxBytes) callback(new BodyTooLarge())
      else callback(null, chunk)
    },
  })
  incoming.on('aborted', () => limiter.destroy(new Error('client left')))
  return incoming.pipe(limiter)
}

/**
 * Reads what has to be read of a body before its request can be sent, then calls `done` once.
 * A client that leaves meanwhile is seen on its connection, not here.
 */
export const prepareBody = (
  incoming: Incoming,
  maxBytes: number,
  done: (body: RequestBody | BodyTooLarge) => void,
): void => {
  const length = contentLength(incoming)
  if (length !== null && length > maxBytes) done(new BodyTooLarge())
  else if (length === null) done({ stream: limit(incoming, maxBytes), length: null })
  else if (length > MAX_BUFFERED_BYTES) done({ stream: incoming as NodeJS.ReadableStream, length })
  else collect(incoming, done)
}

/** Whether a body can be sent a second time. */
export const isReplayable = (body: RequestBody): boolean => body === null || Buffer.isBuffer(body)
