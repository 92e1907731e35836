import { constants } from 'node:http2'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Incoming, Outgoing } from './http.ts'

/** How long what a client still sends is thrown away, so that it gets to read its answer. */
const LINGER_MS = 1000

/**
 * Ends a connection on which more may come. Closed at once, it would be reset, and the client could
 * lose the answer (RFC 9112 §9.6).
 */
export const endConnection = (socket: Duplex): void => {
  if (socket.writableEnded) return
  socket.end()
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket.once('close', () => clearTimeout(timer))
}

/** Breaks a connection off, so that nobody takes its end for the end of a message. */
export const resetConnection = (socket: Duplex): void => {
  if (socket instanceof Socket && !('encrypted' in socket)) socket.resetAndDestroy()
  else socket.destroy()
}

/**
 * To be called for a response that ends before its request does: the stream or the connection ends
 * with it, so that the rest of the body is neither read for ever nor taken for another request.
 */
export const abandonBody = (incoming: Incoming, res: Outgoing): void => {
  if ('stream' in res) {
    const { stream } = res
    // RFC 9113 §8.1: after a complete response, with NO_ERROR.
    const close = () => stream.close(constants.NGHTTP2_NO_ERROR)
    if (stream.writableFinished) close()
    else stream.once('finish', close)
    return
  }
  const { socket } = incoming
  // Has no effect on a head that was written: then it ends without being announced.
  res.shouldKeepAlive = false
  // What node calls after a last response.
  socket.destroySoon = () => endConnection(socket)
  res.once('finish', () => {
    // Nobody reads what it was sent on through.
    incoming.unpipe()
    incoming.resume()
    endConnection(socket)
  })
}
