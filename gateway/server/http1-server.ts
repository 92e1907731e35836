import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { endConnection } from '../proxy/connection-end.ts'
import type { Incoming, Outgoing } from '../proxy/http.ts'
import { answerProblem, type ProblemCode, toRawProblem } from '../proxy/problem.ts'
import { scanHeaders } from '../proxy/scan-headers.ts'
import type { ListenerLimits } from './limits.ts'
import { createPipelineGuard } from './pipeline-guard.ts'

export interface RequestHandlers {
  readonly onRequest: (incoming: Incoming, res: Outgoing) => void
  readonly onUpgrade: (incoming: Incoming, socket: Duplex, head: Buffer) => void
}

/** HTTP/1.1 on sockets that are handed to it. */
export interface Http1Connections {
  take(socket: Socket): void
  /** From now on responses announce that their connection ends, and idle connections end. */
  drain(): void
  /** Ends connections on which nothing is under way. */
  endIdle(): void
  close(): void
}

const PROBLEMS: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'body-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'client-timeout',
}

/** A raw answer to what is no request; nothing of it can be trusted, so the connection ends. */
const answerRaw = (socket: Duplex, code: ProblemCode): void => {
  if (!socket.writable) return
  socket.write(toRawProblem(code))
  endConnection(socket)
}

/**
 * Only to WebSocket, and only without a body. Other offers are ignored, as RFC 9110 §7.8 allows:
 * HTTP/2 over an upgrade is obsolete, and a door for smugglers.
 */
const isUpgradeTaken = (incoming: IncomingMessage): boolean =>
  incoming.method === 'GET' &&
  incoming.headers.upgrade?.toLowerCase() === 'websocket' &&
  !scanHeaders(incoming.rawHeaders).hasBody

const isUnderWay = (res: ServerResponse | undefined): res is ServerResponse =>
  res !== undefined && !res.writableFinished

const createNodeServer = (limits: ListenerLimits) => {
  const server = createServer({
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersTimeoutMs / 2),
    insecureHTTPParser: false,
    // Answered with a body by whoever parses the request.
    requireHostHeader: false,
    noDelay: true,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: isUpgradeTaken,
  })
  // Node would drop what is above the limit, in silence.
  server.maxHeadersCount = 0
  return server
}

/**
 * An HTTP/1.1 server that does not listen itself. Node's strict parser refuses ambiguous framing
 * (Content-Length beside Transfer-Encoding, obsolete folding, bare CR or LF) with 400.
 */
export const createHttp1Server = (
  handlers: RequestHandlers,
  limits: ListenerLimits,
): Http1Connections => {
  const server = createNodeServer(limits)
  /** The last response begun on each connection: answers come in order, so all are done with it. */
  const latest = new Map<Duplex, ServerResponse | undefined>()
  const pipeline = createPipelineGuard(limits.maxPipelined)
  let draining = false

  const isAccepted = ({ socket }: IncomingMessage, res: ServerResponse): boolean => {
    // What follows a last answer is not answered, so it must not be done.
    if (socket.writableEnded || latest.get(socket)?.shouldKeepAlive === false) return false
    if (res.socket === null && !pipeline.enter(socket, res)) return false
    latest.set(socket, res)
    if (draining) res.shouldKeepAlive = false
    return true
  }
  const onRequest = (incoming: IncomingMessage, res: ServerResponse): void => {
    if (!isAccepted(incoming, res)) return
    if (incoming.rawHeaders.length <= 2 * limits.maxHeaderCount) handlers.onRequest(incoming, res)
    else answerProblem(res, 'headers-too-large', { unread: incoming })
  }
  server.on('request', onRequest)
  server.on('checkContinue', onRequest)
  server.on('checkExpectation', (incoming, res) => {
    if (isAccepted(incoming, res)) {
      answerProblem(res, 'expectation-failed', { unread: incoming })
    }
  })
  server.on('upgrade', (incoming, socket, head) => {
    // An answer now would be taken for that of an earlier request.
    if (isUnderWay(latest.get(socket))) socket.destroy()
    else {
      // From here on it is no connection of HTTP, and never idle.
      latest.delete(socket)
      handlers.onUpgrade(incoming, socket, head)
    }
  })
  // RFC 9110 §9.3.6: this gateway is no tunnel.
  server.on('connect', (_incoming, socket) => {
    // Node no longer listens: a client that resets now would end the process.
    socket.on('error', () => socket.destroy())
    if (isUnderWay(latest.get(socket))) socket.destroy()
    else answerRaw(socket, 'method-not-allowed')
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const res = latest.get(socket)
    // The last answer is on its way, and the connection ends with it.
    if (isUnderWay(res) && res.writableEnded && !res.shouldKeepAlive) return
    // Only the request that is itself broken, and not answered yet, may be answered.
    const isOther = isUnderWay(res) && (res.req.complete || res.headersSent || res.socket === null)
    if (isOther) socket.destroy()
    else answerRaw(socket, PROBLEMS[error.code ?? ''] ?? 'bad-request')
  })
  // Starts the check of the timeouts, which node does when a server of its own listens.
  server.emit('listening')

  const endIdle = (): void => {
    for (const [socket, res] of latest) if (!isUnderWay(res)) endConnection(socket)
  }
  return {
    take(socket) {
      latest.set(socket, undefined)
      socket.once('close', () => latest.delete(socket))
      server.emit('connection', socket)
    },
    drain() {
      draining = true
      for (const res of latest.values()) if (res) res.shouldKeepAlive = false
      endIdle()
    },
    endIdle,
    close: () => void server.close(),
  }
}
