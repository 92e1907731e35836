import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type SecureContext, type TLSSocket } from 'node:tls'
import { createHttp1Server, type RequestHandlers } from './http1-server.ts'
import { createHttp2Server } from './http2-server.ts'
import type { ListenerLimits } from './limits.ts'

export interface ListenerOptions {
  readonly host: string
  readonly port: number
  readonly handlers: RequestHandlers
  readonly limits: ListenerLimits
  /** With it the listener speaks TLS; it finds the certificate for a server name. */
  secureContext?(serverName: string): SecureContext | undefined
}

/** A port that takes HTTP/1.1 and HTTP/2: by ALPN with TLS, by its preface without (h2c). */
export interface Listener {
  readonly port: number
  /** Takes no new connections, lets requests end, and breaks off what is left after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** RFC 9113 §3.4; no HTTP/1.1 request begins so. */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/** Hands a connection on once its first bytes tell the protocol; they go back into the socket. */
const sniff = (socket: Socket, done: (isHttp2: boolean) => void): void => {
  socket.once('readable', () => {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    socket.unshift(chunk)
    const start = chunk.toString('latin1', 0, PREFACE.length)
    done(start.length >= 4 && PREFACE.startsWith(start))
  })
}

const createTransport = (
  options: ListenerOptions,
  take: (socket: Socket, isHttp2: boolean) => void,
): Server => {
  const { secureContext, limits } = options
  if (!secureContext) {
    return createServer({ noDelay: true }, (socket) => {
      // Whoever connects and says nothing is not waited for longer than for headers.
      socket.setTimeout(limits.headersTimeoutMs, () => socket.destroy())
      socket.on('error', () => socket.destroy())
      sniff(socket, (isHttp2) => {
        socket.setTimeout(0)
        take(socket, isHttp2)
      })
    })
  }
  const server = createTlsServer({
    ALPNProtocols: ['h2', 'http/1.1'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.headersTimeoutMs,
    SNICallback(serverName, done) {
      const context = secureContext(serverName)
      if (context) done(null, context)
      else done(new Error('no certificate for this server name'))
    },
  })
  server.on('secureConnection', (socket: TLSSocket) => take(socket, socket.alpnProtocol === 'h2'))
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

/** Opens a listener. @throws Error when the port cannot be had. */
export const openListener = async (options: ListenerOptions): Promise<Listener> => {
  const { handlers, limits } = options
  const http1 = createHttp1Server(handlers, limits)
  const http2 = createHttp2Server(handlers, limits)
  const sockets = new Set<Socket>()
  const server = createTransport(options, (socket, isHttp2) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const target = isHttp2 ? http2.server : http1
    target.emit('connection', socket)
  })
  server.listen(options.port, options.host)
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      server.close()
      http2.goAway()
      http1.closeIdleConnections()
      const closed = () => sockets.size === 0
      const until = performance.now() + graceMs
      while (!closed() && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        http1.closeIdleConnections()
      }
      http2.destroy()
      for (const socket of sockets) socket.destroy()
      http1.close()
    },
  }
}
