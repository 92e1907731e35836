import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2'
import type { RequestHandlers } from './http1-server.ts'
import type { ListenerLimits } from './limits.ts'

/** An HTTP/2 server that does not listen itself: sockets are handed to it. */
export interface Http2Sessions {
  readonly server: Http2Server
  /** Tells every client to open no more streams; those open go on (RFC 9113 §6.8). */
  goAway(): void
  destroy(): void
}

export const createHttp2Server = (
  handlers: Pick<RequestHandlers, 'onRequest'>,
  limits: ListenerLimits,
): Http2Sessions => {
  const sessions = new Set<ServerHttp2Session>()
  const server = createServer({
    settings: {
      maxConcurrentStreams: limits.maxStreams,
      maxHeaderListSize: limits.maxHeaderBytes,
      initialWindowSize: 1 << 20,
    },
    maxHeaderListPairs: limits.maxHeaderCount,
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
    session.setTimeout(limits.keepAliveTimeoutMs, () => {
      session.close()
    })
  })
  server.on('request', handlers.onRequest)
  return {
    server,
    goAway() {
      for (const session of sessions) session.close()
    },
    destroy() {
      for (const session of sessions) session.destroy()
    },
  }
}
