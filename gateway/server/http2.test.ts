import { once } from 'node:events'
import { constants } from 'node:http2'
import { describe, expect, it } from 'vitest'
import {
  startBackend,
  startFloodBackend,
  startNodeBackend,
  startRawBackend,
} from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { openH2, readH2, sendH2 } from '#test/fixtures/h2-client.ts'

describe('an HTTP/2 request', () => {
  it('is proxied over HTTP/1.1, with cookies in one header', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const headers = { ':path': '/a?b=c', cookie: ['a=1', 'b=2'], te: 'trailers', 'x-a': 'b' }
    expect(await sendH2(session, headers)).toMatchObject({ status: 200, body: 'ok' })
    expect(backend.seen).toMatchObject([
      {
        method: 'GET',
        url: '/a?b=c',
        headers: {
          cookie: 'a=1; b=2',
          'x-a': 'b',
          'x-forwarded-proto': 'http',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-host': `127.0.0.1:${gateway.port}`,
        },
      },
    ])
    expect(backend.seen[0]?.rawHeaders.some((name) => name.startsWith(':'))).toBe(false)
    expect(backend.seen[0]?.headers).not.toHaveProperty('te')
    expect(backend.seen[0]?.headers).not.toHaveProperty('transfer-encoding')
  })

  it.each([
    ['without a length', {}, 'hello', { 'transfer-encoding': 'chunked' }],
    ['with a length', { 'content-length': '5' }, 'hello', { 'content-length': '5' }],
    ['with a big body', {}, 'x'.repeat(900_000), { 'transfer-encoding': 'chunked' }],
    ['with an empty body', { 'content-length': '0' }, '', {}],
  ])('carries its body: %s', async (_, headers, body, expected) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const answer = await sendH2(session, { ':method': 'POST', ...headers }, body)
    expect(answer.status).toBe(200)
    expect(backend.seen[0]?.headers).toMatchObject(expected)
    expect(backend.seen[0]?.body === body).toBe(true)
  })

  it('is one of a limited number at a time', async () => {
    await using gateway = await startTestGateway({ limits: { maxStreams: 7 } })
    using session = await openH2(gateway.port)
    await expect.poll(() => session.remoteSettings?.maxConcurrentStreams).toBe(7)
  })

  it('shares its connection with many others', async () => {
    await using backend = await startBackend((request, res) => void res.end(request.url))
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const paths = Array.from({ length: 200 }, (_, i) => `/${i}`)
    const answers = await Promise.all(paths.map((path) => sendH2(session, { ':path': path })))
    expect(answers.map(({ body }) => body)).toEqual(paths)
  })

  it.each([
    ['HEAD', 200, ''],
    ['GET', 204, ''],
    ['GET', 304, ''],
    ['GET', 200, ''],
  ])('gets an answer without a body: %s %d', async (method, status, body) => {
    await using backend = await startBackend((_request, res) => void res.writeHead(status).end())
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    expect(await sendH2(session, { ':method': method })).toMatchObject({ status, body })
  })

  it.each(['GET', 'HEAD'])('gets problems as answers, too: %s', async (method) => {
    await using gateway = await startTestGateway()
    using session = await openH2(gateway.port)
    const { status, headers, body } = await sendH2(session, { ':method': method })
    expect(status).toBe(404)
    expect(headers['content-type']).toBe('application/problem+json')
    expect(body).toMatch(method === 'HEAD' ? /^$/ : /"code":"not-found"/)
  })

  it('gets repeated headers, each Set-Cookie for itself', async () => {
    await using backend = await startRawBackend((socket) => {
      socket.write(
        'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: a\r\nContent-Type: b\r\nVary: c\r\nvary: d\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok',
      )
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    expect((await sendH2(session)).headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'content-type': 'a, b',
      vary: 'c, d',
    })
  })

  it('asks before it sends, and is told to go on', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const stream = session.request({ ':method': 'POST', expect: '100-continue' })
    await once(stream, 'continue')
    stream.end('hello')
    expect(await readH2(stream)).toMatchObject({ status: 200 })
    expect(backend.seen[0]?.body).toBe('hello')
  })

  it.each([
    ['declared', { 'content-length': '11' }],
    ['not declared', {}],
  ])('with too large a body is answered with 413: %s', async (_, headers) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      maxBodyBytes: 10,
    })
    using session = await openH2(gateway.port)
    const stream = session.request({ ':method': 'POST', ...headers })
    stream.on('error', () => undefined)
    stream.write('hello world')
    const [answer] = await once(stream, 'response')
    expect(answer).toMatchObject({ ':status': 413 })
    await once(stream.resume(), 'close')
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
    expect(backend.seen).toEqual([])
    expect(await sendH2(session)).toMatchObject({ status: 200 })
  })

  it('is over when the backend answered before its end', async () => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.includes('\r\n\r\n')) socket.write('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const stream = session.request({ ':method': 'POST' })
    stream.write('hello')
    const [answer] = await once(stream, 'response')
    expect(answer).toMatchObject({ ':status': 403 })
    await once(stream.resume(), 'close')
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
  })

  it('that the client gives up is cancelled', async () => {
    await using backend = await startNodeBackend(() => undefined)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const stream = session.request()
    await expect.poll(() => backend.sockets.size).toBe(1)
    stream.close(constants.NGHTTP2_CANCEL)
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
    const { responses } = gateway.routes.get('APIRoute/default/route')!.stats
    expect(responses[0]).toBe(1)
  })

  it.each([
    ['of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('is reset when its response breaks off: %s', async (_, answer) => {
    await using backend = await startRawBackend((socket) => {
      socket.write(answer, () => setTimeout(() => socket.destroy(), 20))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    await expect(sendH2(session)).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
  })

  it('that is not read stops the backend, not the memory', async () => {
    await using backend = await startFloodBackend(256)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const stream = session.request()
    await once(stream, 'response')
    stream.pause()
    let before = -1
    await expect
      .poll(
        () => {
          const stalled = backend.sent() === before
          before = backend.sent()
          return stalled
        },
        { interval: 200, timeout: 3000 },
      )
      .toBe(true)
    expect(backend.sent()).toBeLessThan(64)
    stream.close(constants.NGHTTP2_CANCEL)
  })

  it.each([
    ['CONNECT', { ':method': 'CONNECT', ':authority': 'a.test:443' }, 405],
    ['another expectation', { ':path': '/', expect: 'tea' }, 417],
  ])('is refused: %s', async (_, headers, status) => {
    await using gateway = await startTestGateway()
    using session = await openH2(gateway.port)
    const stream = session.request(headers)
    expect((await once(stream, 'response'))[0]).toMatchObject({ ':status': status })
    stream.on('error', () => undefined).close()
  })

  it('is reset when its headers are too many', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    const headers = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`x-${i}`, 'a']))
    await expect(sendH2(session, headers)).rejects.toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' })
    expect(backend.seen).toEqual([])
  })

  it('is answered with 431 when its headers are too long', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    expect(await sendH2(session, { 'x-a': 'a'.repeat(40_000) })).toMatchObject({ status: 431 })
    expect(backend.seen).toEqual([])
  })
})

it('a call that waits long for its answer is not cut off for its silence', async () => {
  await using backend = await startBackend((_request, res) => {
    setTimeout(() => res.end('late'), 400)
  })
  await using gateway = await startTestGateway({
    routes: [{ to: backend.port }],
    limits: { keepAliveTimeoutMs: 50, requestTimeoutMs: 50, headersTimeoutMs: 50 },
  })
  using session = await openH2(gateway.port)
  expect(await sendH2(session)).toMatchObject({ status: 200, body: 'late' })
})
