import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createServer as createTlsServer, type SecureContext, type TLSSocket } from 'node:tls'
import { createHttp1Server, type RequestHandlers } from './http1-server.ts'
import { createHttp2Server } from './http2-server.ts'
import type { ListenerLimits } from './limits.ts'
import { sniffProtocol } from './sniff.ts'

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

type Take = (socket: Socket, isHttp2: boolean) => void

/** A client that vanished is found by probes: a tunnel may be silent for as long as it likes. */
const SOCKETS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }

const createPlainServer = ({ limits }: ListenerOptions, take: Take): Server =>
  createServer(SOCKETS, (socket) => {
    sniffProtocol(socket, limits.headersTimeoutMs, (isHttp2) => take(socket, isHttp2))
  })

const createSecureServer = (
  { limits }: ListenerOptions,
  secureContext: NonNullable<ListenerOptions['secureContext']>,
  take: Take,
): Server => {
  const server = createTlsServer({
    ALPNProtocols: ['h2', 'http/1.1'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.headersTimeoutMs,
    ...SOCKETS,
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

/** How often a closing listener looks whether its connections are done. */
const CLOSE_POLL_MS = 20

/** Opens a listener. @throws Error when the port cannot be had. */
export const openListener = async (options: ListenerOptions): Promise<Listener> => {
  const { handlers, limits, secureContext } = options
  const http1 = createHttp1Server(handlers, limits)
  const http2 = createHttp2Server(handlers, limits)
  /** Every connection, and whether it has said yet what it speaks. */
  const taken = new Set<Socket>()
  const sockets = new Set<Socket>()
  const take: Take = (socket, isHttp2) => {
    taken.add(socket)
    socket.once('close', () => taken.delete(socket))
    if (isHttp2) http2.take(socket)
    else http1.take(socket)
  }
  const server = secureContext
    ? createSecureServer(options, secureContext, take)
    : createPlainServer(options, take)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(options.port, options.host)
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      const closed = new Promise((resolve) => server.close(resolve))
      http1.drain()
      http2.goAway()
      if (!secureContext) for (const socket of sockets) if (!taken.has(socket)) socket.destroy()
      const until = performance.now() + graceMs
      while (sockets.size > 0 && performance.now() < until) {
        await delay(CLOSE_POLL_MS)
        http1.endIdle()
      }
      http2.destroy()
      for (const socket of sockets) socket.destroy()
      http1.close()
      await closed
    },
  }
}
