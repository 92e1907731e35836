import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectH2 } from 'node:http2'
import { get } from 'node:https'
import { connect as connectTcp } from 'node:net'
import { type ConnectionOptions, connect, createSecureContext, type TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { startBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'

const read = (file: string) =>
  readFileSync(new URL(`../../test/fixtures/tls/${file}`, import.meta.url))
const contextOf = (identity: string) =>
  createSecureContext({ cert: read(`${identity}.pem`), key: read(`${identity}.key`) })

const handshake = async (port: number, options: ConnectionOptions = {}): Promise<TLSSocket> => {
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'a.test',
    ca: [read('first.pem'), read('second.pem')],
    ...options,
  })
  await once(socket, 'secureConnect')
  return socket
}

const nameOf = (socket: TLSSocket) => {
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return CN
}

describe('a TLS listener', () => {
  it('speaks HTTP/1.1, and says so to the backend', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      secureContext: () => contextOf('first'),
    })
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    const options = { port: gateway.port, host: '127.0.0.1', servername: 'a.test', agent: false }
    get({ ...options, ca: read('first.pem') }, (res) =>
      res.resume().on('end', () => resolve(res.statusCode)),
    )
    expect(await promise).toBe(200)
    expect(backend.seen[0]?.headers['x-forwarded-proto']).toBe('https')
  })

  it('speaks HTTP/2, and says so to the backend', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      secureContext: () => contextOf('first'),
    })
    const session = connectH2(`https://127.0.0.1:${gateway.port}`, {
      servername: 'a.test',
      ca: read('first.pem'),
    })
    // The scheme that the client writes is not believed.
    const stream = session.request({ ':path': '/', ':scheme': 'http' })
    expect((await once(stream, 'response'))[0]).toMatchObject({ ':status': 200 })
    session.destroy()
    expect(backend.seen[0]?.headers['x-forwarded-proto']).toBe('https')
  })

  it.each([
    [['h2', 'http/1.1'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [undefined, false],
  ])('agrees by ALPN: %o', async (protocols, expected) => {
    await using gateway = await startTestGateway({ secureContext: () => contextOf('first') })
    const socket = await handshake(gateway.port, protocols ? { ALPNProtocols: protocols } : {})
    expect(socket.alpnProtocol).toBe(expected)
    socket.destroy()
  })

  it('asks for the certificate at each handshake', async () => {
    let identity = 'first'
    await using gateway = await startTestGateway({ secureContext: () => contextOf(identity) })
    const established = await handshake(gateway.port)
    identity = 'second'
    expect(nameOf(await handshake(gateway.port))).toBe('second')
    expect(nameOf(established)).toBe('first')
  })

  it.each([
    ['a name without a certificate', { servername: 'c.test' }],
    ['no name', { servername: '' }],
    [
      'an old version',
      { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    ],
    ['another protocol', { ALPNProtocols: ['spdy/3'] }],
  ] as [string, ConnectionOptions][])('refuses the handshake: %s', async (_, options) => {
    await using gateway = await startTestGateway({
      secureContext: (name) => (name === 'a.test' ? contextOf('first') : undefined),
    })
    await expect(
      handshake(gateway.port, { rejectUnauthorized: false, ...options }),
    ).rejects.toThrow()
    expect(nameOf(await handshake(gateway.port))).toBe('first')
  })

  it.each(['', 'GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01'])(
    'ends what is no handshake: %j',
    async (bytes) => {
      await using gateway = await startTestGateway({
        secureContext: () => contextOf('first'),
        limits: { headersTimeoutMs: 100 },
      })
      const socket = connectTcp(gateway.port, '127.0.0.1')
      socket.on('error', () => undefined).resume()
      socket.write(bytes)
      await once(socket, 'close')
    },
  )
})
