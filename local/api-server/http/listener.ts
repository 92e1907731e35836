import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Certificate } from '../tls/certificate.ts'

/** First byte of a TLS connection: a handshake record. */
const TLS_HANDSHAKE = 0x16
const OPTIONS = { keepAliveTimeout: 120_000, maxHeaderSize: 64 * 1024, noDelay: true }

/** A port that is listened on. */
export interface Listener {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves HTTP and HTTPS on one port: the first byte of a connection tells them apart. kubectl sends its token over
 * HTTPS only; clients of the same host that need no kubeconfig use plain HTTP.
 * @throws when the port is taken
 */
export const listen = async (
  handle: RequestListener,
  address: { host: string; port: number },
  certificate: Certificate,
): Promise<Listener> => {
  const plain = createHttpServer(OPTIONS, handle)
  const secure = createHttpsServer({ ...OPTIONS, ...certificate }, handle)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.once('data', (chunk: Buffer) => {
      socket.pause()
      socket.unshift(chunk)
      const target = chunk[0] === TLS_HANDSHAKE ? secure : plain
      target.emit('connection', socket)
      // The reader is attached now; it gets the first bytes again.
      process.nextTick(() => socket.resume())
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      plain.close()
      secure.close()
      await closed
    },
  }
}
