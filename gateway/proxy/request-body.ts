import { type Readable, Transform } from 'node:stream'
import type { StreamBody } from '../upstream/http1/contract.ts'
import type { Incoming, Outgoing } from './http.ts'

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

/** An HTTP/2 stream that is reset without an error ends as if all had come: the length must tell. */
const collectChunks = (incoming: Incoming, length: number, done: (body: Buffer) => void): void => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const [first] = chunks
    const body = chunks.length === 1 && first ? first : Buffer.concat(chunks)
    if (body.length === length) done(body)
  })
}

/** Most small bodies come with their head: then one read has it all, and no stream is set going. */
const collect = (incoming: Incoming, length: number, done: (body: Buffer) => void): void => {
  process.nextTick(() => {
    const whole: Buffer | null = incoming.complete ? incoming.read() : null
    if (whole === null) {
      collectChunks(incoming, length, done)
      return
    }
    // Nothing is left but its end.
    incoming.resume()
    if (whole.length === length) done(whole)
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
  // It may fail while nobody listens: before a connection is there, or after it is gone.
  limiter.on('error', () => incoming.pause())
  incoming.on('close', () => {
    if (!incoming.readableEnded) limiter.destroy()
  })
  return incoming.pipe(limiter)
}

/** RFC 9110 §10.1.1: who asks before it sends is told to go on, unless a refusal comes first. */
const inviteBody = (incoming: Incoming, res: Outgoing): void => {
  const { expect } = incoming.headers
  if (expect === undefined || incoming.httpVersion === '1.0') return
  // A stream may have been taken back in the very packet that opened it; node throws then.
  if ('stream' in res && (res.stream.closed || res.stream.destroyed)) return
  res.writeContinue()
}

/**
 * Reads what has to be read of a body before its request can be sent, then calls `done` once.
 * A client that leaves meanwhile is seen on its connection, not here.
 */
export const prepareBody = (
  incoming: Incoming,
  res: Outgoing,
  maxBytes: number,
  done: (body: RequestBody | BodyTooLarge) => void,
): void => {
  const length = contentLength(incoming)
  if (length !== null && length > maxBytes) {
    done(new BodyTooLarge())
    return
  }
  inviteBody(incoming, res)
  if (length === null) done({ stream: limit(incoming, maxBytes), length: null })
  else if (length > MAX_BUFFERED_BYTES) done({ stream: incoming as NodeJS.ReadableStream, length })
  else collect(incoming, length, done)
}

/** Whether a body can be sent a second time. */
export const isReplayable = (body: RequestBody): boolean => body === null || Buffer.isBuffer(body)

/** Whether a body that could not be sent was found too large on the way. */
export const isTooLarge = (body: RequestBody): boolean =>
  body !== null && 'stream' in body && (body.stream as Readable).errored instanceof BodyTooLarge

const collectStream = (
  { stream, length }: StreamBody,
  done: (body: Buffer | BodyTooLarge) => void,
): void => {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('error', (error) => {
    if (error instanceof BodyTooLarge) done(error)
  })
  stream.on('end', () => {
    const body = Buffer.concat(chunks)
    if (length === null || body.length === length) done(body)
  })
}

/** Reads a body to its end, then calls `done` once; not at all for a client that leaves. */
export const readBody = (
  incoming: Incoming,
  res: Outgoing,
  maxBytes: number,
  done: (body: Buffer | BodyTooLarge) => void,
): void => {
  prepareBody(incoming, res, maxBytes, (body) => {
    if (body === null || Buffer.isBuffer(body) || body instanceof BodyTooLarge) {
      done(body ?? Buffer.alloc(0))
    } else collectStream(body, done)
  })
}
