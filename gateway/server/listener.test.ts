import { once } from 'node:events'
import { connect as connectH2 } from 'node:http2'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Backend, startNodeBackend, startRawBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw } from '#test/fixtures/raw-client.ts'

const get = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'

/** A backend that answers when it is told to. */
const startSlow = async () => {
  const arrived = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const backend: Omit<Backend, 'seen'> = await startNodeBackend((_incoming, res) => {
    arrived.resolve()
    void released.promise.then(() => res.end('done'))
  })
  return Object.assign(backend, { arrived: arrived.promise, release: released.resolve })
}

describe('the first bytes of a connection', () => {
  it.each([
    [
      'HTTP/1.1 byte by byte',
      'PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 404 ',
    ],
    ['HTTP/2 byte by byte', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', '\0\0'],
  ])('tell the protocol: %s', async (_, bytes, expected) => {
    await using gateway = await startTestGateway()
    using client = await connectRaw(gateway.port)
    for (const byte of bytes) {
      client.send(byte)
      await new Promise(setImmediate)
    }
    expect(await client.until((text) => text.length >= expected.length)).toContain(expected)
  })

  it.each(['', 'P', 'PRI'])('may be all there are: %j', async (bytes) => {
    await using gateway = await startTestGateway()
    using client = await connectRaw(gateway.port)
    client.socket.end(bytes)
    expect(await client.closed).toBe('')
    await expect.poll(() => client.socket.destroyed).toBe(true)
  })
})

describe('a listener that closes', () => {
  it('lets a request end, and says that its connection ends', async () => {
    await using backend = await startSlow()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(get)
    await backend.arrived
    const closing = gateway.listener.close(5000)
    backend.release()
    const text = await client.closed
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*done$/)
    expect(text).toMatch(/^connection: close$/im)
    await closing
  })

  it('lets a response end that has begun', async () => {
    await using backend = await startRawBackend((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(get)
    await client.until((text) => text.endsWith('begun'))
    const closing = gateway.listener.close(5000)
    for (const socket of backend.sockets) socket.write(' end')
    expect(await client.closed).toMatch(/begun end$/)
    await closing
  })

  it('ends idle connections and those that said nothing yet, and takes no new ones', async () => {
    await using gateway = await startTestGateway()
    using idle = await connectRaw(gateway.port)
    idle.send(get)
    await idle.until((text) => text.endsWith('}'))
    using silent = await connectRaw(gateway.port)
    const closing = gateway.listener.close(5000)
    await Promise.all([idle.closed, silent.closed])
    idle.socket.end()
    await closing
    const late = connect(gateway.port, '127.0.0.1')
    await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('tells HTTP/2 clients, and lets their requests end', async () => {
    await using backend = await startSlow()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const session = connectH2(`http://127.0.0.1:${gateway.port}`)
    const stream = session.request({ ':path': '/' })
    await backend.arrived
    const goAway = once(session, 'goaway')
    const closing = gateway.listener.close(5000)
    await goAway
    backend.release()
    const [headers] = await once(stream, 'response')
    expect(headers).toMatchObject({ ':status': 200 })
    const [body] = await once(stream, 'data')
    expect(String(body)).toBe('done')
    await closing
  })

  it('leaves WebSockets alone until then', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.endsWith('\r\n\r\n')) {
        socket.write('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      } else socket.end('answer')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    await client.until((text) => text.includes('101'))
    const closing = gateway.listener.close(5000)
    const late = connect(gateway.port, '127.0.0.1')
    await once(late, 'error')
    client.send('question')
    expect(await client.closed).toMatch(/answer$/)
    client.socket.end()
    await closing
  })

  it('cuts what is left when the time is up, WebSockets too', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.includes('websocket')) {
        socket.write('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      }
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    using websocket = await connectRaw(gateway.port)
    client.send(get)
    websocket.send(
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    await websocket.until((text) => text.includes('101'))
    await expect.poll(() => backend.sockets.size).toBe(2)
    await gateway.listener.close(50)
    expect(await client.closed).toBe('')
    await websocket.closed
  })

  it('is done at once when nothing is open', async () => {
    await using gateway = await startTestGateway()
    const startedAt = performance.now()
    await gateway.listener.close(5000)
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})
