import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy that can be cut: a network that fails, on demand. */
export interface TcpProxy {
  readonly port: number
  /** Breaks every connection, and refuses new ones. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** Forwards connections on a free local port to `target`, read anew for each connection. */
export const startTcpProxy = async (target: () => number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>()
  let broken = false

  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Broken on purpose: each side sees it as its own connection's end.
    socket.on('error', () => socket.destroy())
    return socket
  }

  const server = createServer((client) => {
    track(client)
    if (broken) return client.destroy()
    const upstream = track(connect(target(), '127.0.0.1'))
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    return upstream.on('close', () => client.destroy())
  })

  const cut = (): void => {
    broken = true
    for (const socket of sockets) socket.destroy()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      broken = false
    },
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
