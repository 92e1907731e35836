import { once } from 'node:events'
import { constants } from 'node:http2'
import { describe, expect, it } from 'vitest'
import { startBackend, startNodeBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { openH2, sendH2 } from '#test/fixtures/h2-client.ts'
import { connectRaw, exchangeRaw } from '#test/fixtures/raw-client.ts'

const host = 'Host: a.test\r\n'

describe('headers', () => {
  it.each([
    ['one is too long', `X: ${'a'.repeat(40_000)}\r\n`],
    ['they are too long together', `X: ${'a'.repeat(1000)}\r\n`.repeat(40)],
    ['they are too many', 'X: a\r\n'.repeat(201)],
  ])('are answered with 431 when %s', async (_, headers) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const received = await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${host}${headers}\r\n`)
    expect(received).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
    expect(received).toContain('application/problem+json')
    expect(backend.seen).toEqual([])
  })

  it('are answered with 431 when the target is too long', async () => {
    await using gateway = await startTestGateway()
    const received = await exchangeRaw(gateway.port, `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n`)
    expect(received).toMatch(/^HTTP\/1\.1 431 /)
  })

  it('are all forwarded up to the limit', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    const headers = Array.from({ length: 199 }, (_, i) => `X-${i}: ${i}\r\n`).join('')
    client.send(`GET / HTTP/1.1\r\n${host}${headers}\r\n`)
    await client.until((text) => text.endsWith('ok'))
    expect(backend.seen[0]?.headers).toMatchObject({ 'x-0': '0', 'x-198': '198' })
  })

  it.each([
    ['stop coming', 'GET / HTTP/1.1\r\nHost: a'],
    ['stop after the first line', 'GET / HTTP/1.1\r\n'],
  ])('are answered with 408 when they %s', async (_, bytes) => {
    await using gateway = await startTestGateway({ limits: { headersTimeoutMs: 100 } })
    expect(await exchangeRaw(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })

  it.each(['', 'P', 'PRI'])('are not waited for after %o', async (bytes) => {
    await using gateway = await startTestGateway({ limits: { headersTimeoutMs: 100 } })
    expect(await exchangeRaw(gateway.port, bytes)).toBe('')
  })
})

describe('a slow body', () => {
  const slow = `POST / HTTP/1.1\r\n${host}Content-Length: 9\r\n\r\nhello`

  it('is answered with 408 when the listener is tired of it', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      limits: { headersTimeoutMs: 100, requestTimeoutMs: 200 },
    })
    expect(await exchangeRaw(gateway.port, slow)).toMatch(/^HTTP\/1\.1 408 /)
    expect(backend.seen).toEqual([])
  })

  it('is answered with 408 when the time of its route is up', async () => {
    await using backend = await startBackend()
    const timeouts = { requestMs: 100, backendRequestMs: 0 }
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, timeouts }] })
    expect(await exchangeRaw(gateway.port, slow)).toMatch(/^HTTP\/1\.1 408 /)
    expect(backend.seen).toEqual([])
  })
})

describe('an idle connection', () => {
  it('is closed after the keep-alive timeout', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      limits: { keepAliveTimeoutMs: 50 },
    })
    const received = await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${host}\r\n`)
    expect(received).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('pipelined requests', () => {
  it('are answered in order', async () => {
    await using backend = await startNodeBackend((incoming, res) => {
      // The first is the slowest.
      if (incoming.url === '/0') setImmediate(() => setImmediate(() => res.end('answer /0;')))
      else res.end(`answer ${incoming.url};`)
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send([0, 1, 2].map((i) => `GET /${i} HTTP/1.1\r\n${host}\r\n`).join(''))
    const text = await client.until((received) => received.includes('answer /2;'))
    expect(text.match(/answer \/\d/g)).toEqual(['answer /0', 'answer /1', 'answer /2'])
  })

  it('end their connection when too many wait', async () => {
    await using backend = await startNodeBackend(() => undefined)
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      limits: { maxPipelined: 10 },
    })
    expect(await exchangeRaw(gateway.port, `GET / HTTP/1.1\r\n${host}\r\n`.repeat(12))).toBe('')
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })

  it('are given up together when the client leaves', async () => {
    await using backend = await startNodeBackend(() => undefined)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(`GET / HTTP/1.1\r\n${host}\r\n`.repeat(5))
    await expect.poll(() => backend.sockets.size).toBe(5)
    client.socket.destroy()
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })
})

describe('CONNECT', () => {
  it('is answered with 405', async () => {
    await using gateway = await startTestGateway()
    const bytes = `CONNECT a.test:443 HTTP/1.1\r\n${host}\r\n`
    expect(await exchangeRaw(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 405 /)
  })
})

describe('a client that resets its connection after CONNECT', () => {
  it('harms nobody', async () => {
    await using gateway = await startTestGateway()
    using client = await connectRaw(gateway.port)
    client.send(`CONNECT a.test:443 HTTP/1.1\r\n${host}\r\n`)
    await client.until((text) => text.includes(' 405 '))
    client.socket.resetAndDestroy()
    const bytes = `GET / HTTP/1.1\r\n${host}Connection: close\r\n\r\n`
    expect(await exchangeRaw(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 404 /)
  })
})

describe('an HTTP/2 body that does not come', () => {
  it('ends its stream, however alive the connection is', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      limits: { headersTimeoutMs: 100, requestTimeoutMs: 100 },
    })
    using session = await openH2(gateway.port)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.on('error', () => undefined)
    await once(stream, 'close')
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL)
    expect(await sendH2(session)).toMatchObject({ status: 200 })
  })
})

describe('a request behind one that was refused for good', () => {
  it.each([
    ['a bad path', 'GET /%00 HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
    ['another expectation', 'GET / HTTP/1.1\r\nHost: a.test\r\nExpect: tea\r\n\r\n', 417],
    ['too many headers', `GET / HTTP/1.1\r\n${host}${'X: a\r\n'.repeat(201)}\r\n`, 431],
  ])('is not done: %s', async (_, first, status) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const received = await exchangeRaw(gateway.port, `${first}GET / HTTP/1.1\r\n${host}\r\n`)
    expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(gateway.upstream.stats().opened).toBe(0)
  })
})
