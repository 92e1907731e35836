import { describe, expect, it } from 'vitest'
import { startBackend, startNodeBackend, startRawBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw, exchangeRaw } from '#test/fixtures/raw-client.ts'

const post = (...headers: string[]) =>
  `${['POST / HTTP/1.1', 'Host: a.test', ...headers].join('\r\n')}\r\n\r\n`
const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`

describe('a request body', () => {
  it.each([
    ['none', '0', '', ''],
    ['a small one', '5', 'hello', 'hello'],
    ['one that is streamed', '100000', 'x'.repeat(100_000), 'x'.repeat(100_000)],
  ])('reaches the backend with its length: %s', async (_, length, bytes, body) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(post(`Content-Length: ${length}`) + bytes)
    await client.until((text) => text.endsWith('ok'))
    expect(backend.seen[0]?.headers['content-length']).toBe(length)
    expect(backend.seen[0]?.body === body).toBe(true)
  })

  it('reaches the backend in chunks when it comes in chunks, less its trailers', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(
      `${post('Transfer-Encoding: chunked')}${chunk('hel')}${chunk('lo')}0\r\nX: y\r\n\r\n`,
    )
    await client.until((text) => text.endsWith('ok'))
    expect(backend.seen[0]).toMatchObject({
      body: 'hello',
      headers: { 'transfer-encoding': 'chunked' },
    })
    client.send(`${post('Content-Length: 5', 'Connection: close')}again`)
    await client.closed
    expect(backend.seen[1]?.body).toBe('again')
  })

  it('is sent on while it comes', async () => {
    const got = Promise.withResolvers<string>()
    await using backend = await startNodeBackend((incoming, res) => {
      incoming.once('data', (data: Buffer) => got.resolve(data.toString()))
      incoming.on('end', () => res.end('ok'))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(post('Transfer-Encoding: chunked') + chunk('first'))
    expect(await got.promise).toBe('first')
    client.send('0\r\n\r\n')
    await client.until((text) => text.endsWith('ok'))
  })

  it('is not read faster than the backend takes it', async () => {
    await using backend = await startRawBackend((socket) => socket.pause())
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      maxBodyBytes: 1 << 30,
    })
    using client = await connectRaw(gateway.port)
    client.send(post(`Content-Length: ${1 << 29}`))
    const megabyte = Buffer.alloc(1 << 20)
    let sent = 0
    const send = () => {
      while (sent < 256 && client.socket.write(megabyte)) sent += 1
    }
    client.socket.on('drain', send)
    send()
    let before = -1
    // Kernel buffers take their share; then nothing moves.
    await expect
      .poll(
        () => {
          const stalled = before === client.socket.bytesWritten - client.socket.writableLength
          before = client.socket.bytesWritten - client.socket.writableLength
          return stalled
        },
        { interval: 200 },
      )
      .toBe(true)
    expect(before).toBeLessThan(64 << 20)
  })
})

describe('a body that is too large', () => {
  it.each([
    ['declared', post('Content-Length: 11')],
    ['declared and sent', `${post('Content-Length: 11')}hello world`],
    ['found out in the first chunk', post('Transfer-Encoding: chunked') + chunk('hello world')],
    ['found out later', post('Transfer-Encoding: chunked') + chunk('hello ') + chunk('world')],
  ])('is answered with 413: %s', async (_, bytes) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      maxBodyBytes: 10,
    })
    const received = await exchangeRaw(gateway.port, bytes)
    expect(received).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/)
    expect(received).toMatch(/^connection: close$/im)
    expect(backend.seen).toEqual([])
  })

  it('is answered with 413 while the backend is not even connected', async () => {
    const backend = { kind: 'URL', protocol: 'http', host: 'slow.test', port: 80 } as const
    await using gateway = await startTestGateway({
      routes: [{ backends: [{ weight: 1, backend }] }],
      maxBodyBytes: 10,
      upstream: { lookup: () => undefined, connectTimeoutMs: 100 },
    })
    const bytes = post('Transfer-Encoding: chunked') + chunk('hello world')
    expect(await exchangeRaw(gateway.port, bytes)).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('is not read to its end', async () => {
    await using gateway = await startTestGateway({ routes: [{ to: 1 }], maxBodyBytes: 10 })
    using client = await connectRaw(gateway.port)
    client.send(post(`Content-Length: ${1 << 30}`))
    const data = Buffer.alloc(65_536)
    const pump = () => {
      while (client.socket.writable && client.socket.write(data));
    }
    client.socket.on('drain', pump)
    pump()
    expect(await client.closed).toMatch(/^HTTP\/1\.1 413 /)
    await expect.poll(() => client.socket.destroyed, { timeout: 4000 }).toBe(true)
  })
})

describe('Expect: 100-continue', () => {
  it('is answered with 100 when the body is wanted', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(post('Content-Length: 5', 'Expect: 100-continue'))
    await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n')
    client.send('hello')
    await client.until((text) => text.endsWith('ok'))
    expect(backend.seen[0]).toMatchObject({ body: 'hello' })
    expect(backend.seen[0]?.headers).not.toHaveProperty('expect')
  })

  it.each([
    ['too large a body', 413, post('Content-Length: 11', 'Expect: 100-continue')],
    ['no route', 404, post('Content-Length: 5', 'Expect: 100-continue').replace('/ ', '/none ')],
    ['another expectation', 417, post('Content-Length: 5', 'Expect: tea')],
  ])('is refused at once for %s', async (_, status, bytes) => {
    await using gateway = await startTestGateway({
      routes: [
        { to: 1, matches: [{ path: { type: 'Exact', value: '/' }, headers: [], queryParams: [] }] },
      ],
      maxBodyBytes: 10,
    })
    expect(await exchangeRaw(gateway.port, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })
})

describe('a request answered before its body was read', () => {
  const redirect = { scheme: 'https', statusCode: 302 } as const

  it.each([
    ['no route', {}, '/none', 404],
    ['a redirect', { redirect, prefix: '/' }, '/', 302],
    ['no backend', { prefix: '/' }, '/', 500],
  ])(
    'ends its connection: %s',
    async (_, route, path, status) => {
      await using gateway = await startTestGateway({ routes: [{ prefix: '/else', ...route }] })
      const bytes = `POST ${path} HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n\r\nhello`
      const received = await exchangeRaw(gateway.port, bytes)
      expect(received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(received).toMatch(/^connection: close$/im)
    },
    3000,
  )

  it('ends its connection when the backend answered early, and the answer arrives', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.includes('\r\n\r\n')) socket.write('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const received = await exchangeRaw(
      gateway.port,
      post('Content-Length: 200000') + 'x'.repeat(1000),
    )
    expect(received).toMatch(/^HTTP\/1\.1 403 [\s\S]*no$/)
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })
})

describe('a client that leaves within its body', () => {
  it.each([
    ['short', post('Content-Length: 9')],
    ['streamed', post('Content-Length: 200000')],
    ['chunked', post('Transfer-Encoding: chunked') + chunk('abc')],
  ])('cancels the request: %s', async (_, bytes) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(`${bytes}hello`)
    const { responses } = gateway.routes.get('APIRoute/default/route')!.stats
    await expect
      .poll(() => gateway.upstream.stats().opened >= (bytes.includes(': 9') ? 0 : 1))
      .toBe(true)
    client.socket.destroy()
    await expect.poll(() => responses[0]).toBe(1)
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
    expect(backend.seen).toEqual([])
  })
})
