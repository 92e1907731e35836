import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { startFloodBackend, startNodeBackend, startRawBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw } from '#test/fixtures/raw-client.ts'

const request = () => 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'

describe('a client that leaves', () => {
  it.each([
    ['before the response', ''],
    ['within the response', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'],
  ])('cancels the request to the backend: %s', async (_, answer) => {
    await using backend = await startRawBackend((socket) => void socket.write(answer))
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(request())
    await expect.poll(() => backend.sockets.size).toBe(1)
    await client.until((text) => answer === '' || text.endsWith('hello'))
    client.socket.destroy()
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
    const { responses } = gateway.routes.get('APIRoute/default/route')!.stats
    expect(responses).toEqual(answer === '' ? [1, 0, 0, 0, 0, 0] : [0, 0, 1, 0, 0, 0])
  })
})

describe('a client that closes its sending side', () => {
  it('has left, too', async () => {
    await using backend = await startRawBackend(() => undefined)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(request())
    await expect.poll(() => backend.sockets.size).toBe(1)
    client.socket.end()
    expect(await client.closed).toBe('')
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })
})

describe('a client that does not read', () => {
  it('stops the backend, not the memory', async () => {
    await using backend = await startFloodBackend(512)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.socket.pause()
    client.send(request())
    let before = -1
    await expect
      .poll(
        () => {
          const stalled = backend.sent() === before
          before = backend.sent()
          return stalled && backend.sent() > 0
        },
        { interval: 200, timeout: 3000 },
      )
      .toBe(true)
    expect(backend.sent()).toBeLessThan(64)
  })

  it('gets all of it when it reads at last', async () => {
    await using backend = await startNodeBackend((_incoming, res) => {
      res.end(Buffer.alloc(32 << 20, 'x'))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const { promise, resolve } = Promise.withResolvers<number>()
    get({ port: gateway.port, host: '127.0.0.1', agent: false }, (res) => {
      let bytes = 0
      setImmediate(() => {
        res.on('data', (chunk: Buffer) => {
          bytes += chunk.length
        })
        res.on('end', () => resolve(bytes))
      })
    })
    expect(await promise).toBe(32 << 20)
  })
})
