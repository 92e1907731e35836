import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { answerProblem } from '../proxy/problem.ts'
import type { RequestHandlers } from './http1-server.ts'
import type { ListenerLimits } from './limits.ts'

/** HTTP/2 on sockets that are handed to it. */
export interface Http2Connections {
  take(socket: Socket): void
  /** Tells every client to open no more streams; those open go on (RFC 9113 §6.8). */
  goAway(): void
  destroy(): void
}

/** Whether the client has said all and waits for an answer of ours that has not begun. */
const isAwaited = ({ endAfterHeaders, readableEnded, headersSent }: ServerHttp2Stream): boolean =>
  (endAfterHeaders || readableEnded) && !headersSent

/** A session stays alive by pings, so a body that does not come must be ended by itself. */
const limitBody = ({ stream }: Http2ServerRequest, timeoutMs: number): void => {
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), timeoutMs).unref()
  const clear = (): void => clearTimeout(timer)
  stream.once('end', clear)
  stream.once('close', clear)
}

export const createHttp2Server = (
  handlers: Pick<RequestHandlers, 'onRequest'>,
  limits: ListenerLimits,
): Http2Connections => {
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer({
    settings: {
      maxConcurrentStreams: limits.maxStreams,
      maxHeaderListSize: limits.maxHeaderBytes,
    },
    // The pseudo-headers are no headers of the client's choice.
    maxHeaderListPairs: limits.maxHeaderCount + 4,
    // Floods of settings, pings and reset streams end the session (CVE-2023-44487 and kin).
    maxSettings: 32,
    maxOutstandingPings: 10,
    streamResetBurst: 1000,
    streamResetRate: 33,
  })
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => session.destroy())
    const streams = new Set<ServerHttp2Stream>()
    session.on('stream', (stream) => {
      streams.add(stream)
      stream.once('close', () => streams.delete(stream))
    })
    // Streams may go on, but a client is not waited for without a byte; an answer has deadlines of
    // its own.
    const endOnceIdle = (): void => {
      session.setTimeout(limits.requestTimeoutMs, () => {
        if ([...streams].some(isAwaited)) endOnceIdle()
        else session.destroy()
      })
    }
    session.setTimeout(limits.keepAliveTimeoutMs, () => {
      session.close()
      endOnceIdle()
    })
  })
  const onRequest = (incoming: Http2ServerRequest, res: Http2ServerResponse): void => {
    if (!incoming.stream.endAfterHeaders) limitBody(incoming, limits.requestTimeoutMs)
    handlers.onRequest(incoming, res)
  }
  server.on('request', onRequest)
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', (incoming: Http2ServerRequest, res: Http2ServerResponse) => {
    answerProblem(res, 'expectation-failed', { unread: incoming })
  })
  server.on('connect', (incoming: Http2ServerRequest, res: Http2ServerResponse) => {
    answerProblem(res, 'method-not-allowed', { unread: incoming })
  })
  return {
    take: (socket) => void server.emit('connection', socket),
    goAway() {
      for (const session of sessions) session.close()
    },
    destroy() {
      for (const session of sessions) session.destroy()
    },
  }
}
