import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Incoming, Outgoing } from '../proxy/http.ts'
import type { ListenerLimits } from './limits.ts'

export interface RequestHandlers {
  readonly onRequest: (incoming: Incoming, res: Outgoing) => void
  readonly onUpgrade: (incoming: Incoming, socket: Duplex, head: Buffer) => void
}

const ERRORS: Record<string, string> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** A raw answer to what is no request; nothing of it can be trusted, so the connection ends. */
export const answerRaw = (socket: Duplex, statusLine: string): void => {
  if (!socket.writable) return
  socket.end(`HTTP/1.1 ${statusLine}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

/**
 * An HTTP/1.1 server that does not listen itself. Node's strict parser refuses ambiguous framing
 * (Content-Length beside Transfer-Encoding, obsolete folding, bare CR) with 400.
 */
export const createHttp1Server = (handlers: RequestHandlers, limits: ListenerLimits): Server => {
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: 1000,
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
    optimizeEmptyRequests: true,
  })
  server.maxHeadersCount = limits.maxHeaderCount
  server.on('request', handlers.onRequest)
  server.on('upgrade', handlers.onUpgrade)
  // RFC 9110 §9.3.6: this gateway is no tunnel.
  server.on('connect', (_incoming, socket) => answerRaw(socket, '405 Method Not Allowed'))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    answerRaw(socket, ERRORS[error.code ?? ''] ?? '400 Bad Request')
  })
  return server
}
