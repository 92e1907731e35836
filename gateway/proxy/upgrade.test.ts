import { once } from 'node:events'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { startNodeBackend, startRawBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw, exchangeRaw } from '#test/fixtures/raw-client.ts'

const upgrade = (path = '/', ...headers: string[]) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: a.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '\r\n',
  ].join('\r\n')

const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** A backend that answers every message with itself. */
const startEcho = async () => {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 << 20 })
  const backend = await startNodeBackend((_incoming, res) => void res.end('plain'))
  const paths: string[] = []
  const { default: http } = await import('node:http')
  const front = http.createServer()
  front.on('upgrade', (incoming, socket, head) => {
    paths.push(incoming.url ?? '')
    server.handleUpgrade(incoming, socket, head, (ws) => {
      ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }))
    })
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  const address = front.address() as { port: number }
  return {
    paths,
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      front.close()
      front.closeAllConnections()
      await backend[Symbol.asyncDispose]()
    },
  }
}

describe('a WebSocket', () => {
  it('carries messages both ways, small and big', async () => {
    await using backend = await startEcho()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/a/../b?c`)
    await once(ws, 'open')
    const big = Buffer.alloc(8 << 20, 'x')
    for (const message of [Buffer.from('hello'), big, Buffer.alloc(0)]) {
      ws.send(message)
      const [answer] = await once(ws, 'message')
      expect(message.equals(answer as Buffer)).toBe(true)
    }
    ws.close(4000, 'done')
    const [code] = await once(ws, 'close')
    expect(code).toBe(4000)
    expect(backend.paths).toEqual(['/b?c'])
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })

  it('has the headers that its route edits', async () => {
    await using backend = await startRawBackend((socket) => void socket.write(accepted))
    const edits = { set: [], add: [['x-route', '\xe9']] as [string, string][], remove: [] }
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, responseHeaders: edits }],
    })
    using client = await connectRaw(gateway.port)
    client.send(upgrade())
    const text = await client.until((received) => received.includes('\r\n\r\n'))
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\nx-route: \xe9\r\n/)
  })

  it('gets the bytes that came along with its request, and those of the backend', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.endsWith('\r\n\r\n')) socket.write(`${accepted}early`)
      if (text.endsWith('along')) socket.write('got it')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(`${upgrade()}along`)
    expect(await client.until((text) => text.endsWith('got it'))).toContain('\r\n\r\nearly')
  })

  it('may end one direction before the other', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.endsWith('\r\n\r\n')) {
        socket.write(accepted)
        socket.on('end', () => socket.end('last words'))
      }
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(upgrade())
    await client.until((text) => text.includes('\r\n\r\n'))
    client.socket.end('bye')
    expect(await client.closed).toMatch(/last words$/)
    await expect.poll(() => backend.sockets.size).toBe(0)
  })

  it('hands on all that came before its backend ended', async () => {
    const size = 4 << 20
    await using backend = await startRawBackend((socket) => {
      socket.write(accepted)
      socket.end('x'.repeat(size))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(upgrade())
    expect((await client.closed).split('\r\n\r\n')[1]).toHaveLength(size)
  })

  it('breaks when its backend does', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.endsWith('\r\n\r\n')) socket.write(accepted)
      else socket.resetAndDestroy()
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(upgrade())
    await client.until((text) => text.includes('\r\n\r\n'))
    client.send('crash')
    await client.closed
  })

  it('breaks for its backend when the client does', async () => {
    await using backend = await startRawBackend((socket) => void socket.write(accepted))
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(upgrade())
    await client.until((text) => text.includes('\r\n\r\n'))
    client.socket.resetAndDestroy()
    await expect.poll(() => backend.sockets.size).toBe(0)
  })
})

describe('a refusal to switch', () => {
  it.each([
    [
      'with a length',
      'HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno',
      /^HTTP\/1\.1 401 [\s\S]*no$/,
    ],
    [
      'in chunks',
      'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n',
      /no$/,
    ],
    [
      'with a success',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 200 [\s\S]*ok$/,
    ],
    ['without a body', 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n', /\r\n\r\n$/],
    ['by another protocol', accepted.replace('websocket', 'other'), /^HTTP\/1\.1 502 /],
    ['by closing', '', /^HTTP\/1\.1 502 [\s\S]*problem\+json/],
  ])('is relayed, and the connection ends: %s', async (_, answer, expected) => {
    await using backend = await startRawBackend((socket) => {
      if (answer === '') socket.destroy()
      else socket.write(answer)
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const text = await exchangeRaw(gateway.port, `${upgrade()}GET / HTTP/1.1\r\n\r\n`)
    expect(text).toMatch(expected)
    expect(text).toMatch(/^connection: close$/im)
  })

  it('that breaks off is reset', async () => {
    await using backend = await startRawBackend((socket) => {
      const answer = 'HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n'
      socket.write(answer, () => setImmediate(() => socket.destroy()))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    const failed = Promise.withResolvers<Error>()
    client.socket.on('error', failed.resolve)
    client.send(upgrade())
    expect(await failed.promise).toMatchObject({ code: 'ECONNRESET' })
  })

  it.each([
    ['no route', 404, upgrade('/none')],
    ['a bad path', 400, upgrade('/..')],
    ['two Hosts', 400, upgrade('/', 'Host: b.test')],
    ['no backend', 500, upgrade('/empty')],
    ['a backend that is down', 503, upgrade('/down')],
  ])('is the answer for %s', async (_, status, bytes) => {
    await using gateway = await startTestGateway({
      routes: [
        { name: 'empty', prefix: '/empty' },
        { name: 'down', prefix: '/down', to: 1 },
      ],
    })
    expect(await exchangeRaw(gateway.port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('that does not end breaks off after the timeout of the route', async () => {
    await using backend = await startNodeBackend((_request, res) => {
      res.writeHead(403, { 'content-length': '10' }).write('no')
    })
    const timeouts = { requestMs: 60, backendRequestMs: 0 }
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, timeouts }] })
    const received = await exchangeRaw(gateway.port, upgrade())
    expect(received).toMatch(/^HTTP\/1\.1 403 /)
    expect(received).toMatch(/\r\n\r\nno$/)
    // The limit for silent backends would end it, much later.
  }, 5000)

  it('comes after the timeout of the route', async () => {
    await using backend = await startRawBackend(() => undefined)
    const timeouts = { requestMs: 60, backendRequestMs: 0 }
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, timeouts }] })
    expect(await exchangeRaw(gateway.port, upgrade())).toMatch(/^HTTP\/1\.1 504 /)
  })
})

describe('an upgrade with a body', () => {
  it('is an ordinary request', async () => {
    await using backend = await startNodeBackend((incoming, res) => {
      let body = ''
      incoming.on('data', (data) => {
        body += data
      })
      incoming.on('end', () => res.end(`got ${body}`))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(`${upgrade('/', 'Content-Length: 5')}hello`)
    await client.until((text) => text.endsWith('got hello'))
  })
})

describe('an upgrade behind a request that is under way', () => {
  it('ends the connection: its answer would be taken for the other', async () => {
    await using backend = await startNodeBackend(() => undefined)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const text = await exchangeRaw(
      gateway.port,
      `GET / HTTP/1.1\r\nHost: a.test\r\n\r\n${upgrade()}`,
    )
    expect(text).toBe('')
  })
})

describe('a route that is reached without an upgrade', () => {
  it('is served as ever', async () => {
    await using backend = await startNodeBackend((_incoming, res) => void res.end('plain'))
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const { body } = await request(`http://127.0.0.1:${gateway.port}/`)
    expect(await body.text()).toBe('plain')
  })
})
