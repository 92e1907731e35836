import { Agent, get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { startBackend, startNodeBackend, startRawBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw, exchangeRaw } from '#test/fixtures/raw-client.ts'

const request = (method = 'GET', version = '1.1', ...headers: string[]) =>
  `${[`${method} / HTTP/${version}`, 'Host: a.test', ...headers].join('\r\n')}\r\n\r\n`
const last = (method = 'GET') => request(method, '1.1', 'Connection: close')

/** What a client gets when the backend answers with these bytes. */
const relay = async (answer: string, bytes = last(), then: 'open' | 'end' = 'open') => {
  await using backend = await startRawBackend((socket, text) => {
    if (!text.endsWith('\r\n\r\n')) return
    socket.write(answer, 'latin1')
    if (then === 'end') socket.end()
  })
  await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
  return await exchangeRaw(gateway.port, bytes)
}

const parts = (text: string) => {
  const [head = '', body = ''] = text.split(/\r\n\r\n([\s\S]*)/)
  return { head, body }
}

describe('a response', () => {
  it.each([
    [
      'of known length',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      'Content-Length: 5',
      'hello',
    ],
    ['that is empty', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'Content-Length: 0', ''],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n',
      'Transfer-Encoding: chunked',
      '5\r\nhello\r\n0\r\n\r\n',
    ],
    [
      'after hints',
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'Content-Length: 2',
      'ok',
    ],
  ])('is relayed: %s', async (_, answer, header, expected) => {
    const { head, body } = parts(await relay(answer))
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(head.toLowerCase()).toContain(header.toLowerCase())
    expect(body).toBe(expected)
  })

  it('that ends with its connection is relayed in chunks', async () => {
    const { head, body } = parts(await relay('HTTP/1.1 200 OK\r\n\r\nhello', last(), 'end'))
    expect(head).toMatch(/^transfer-encoding: chunked$/im)
    expect(body).toBe('5\r\nhello\r\n0\r\n\r\n')
  })

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', /^content-length: 5$/im],
    ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', /^HTTP\/1\.1 200/],
    [
      'GET',
      'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n',
      /^content-length: 5$/im,
    ],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', /^HTTP\/1\.1 204/],
  ])('without a body keeps the connection: %s %j', async (method, answer, expected) => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.endsWith('\r\n\r\n')) socket.write(answer)
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(request(method))
    const first = await client.until((text) => text.endsWith('\r\n\r\n'))
    expect(first).toMatch(expected)
    client.send(last(method))
    const both = await client.closed
    expect(both.match(/HTTP\/1\.1 /g)).toHaveLength(2)
    expect(both.slice(first.length)).toMatch(/\r\n\r\n$/)
    expect(gateway.upstream.stats().opened).toBe(1)
  })

  it('has its status, its repeated headers and its bytes unchanged', async () => {
    const text = await relay(
      'HTTP/1.1 418 \r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX: \xe9\r\nContent-Length: 2\r\n\r\n\xff\x00',
    )
    expect(text).toMatch(/^HTTP\/1\.1 418 /)
    expect(text.match(/Set-Cookie: \w=\d/g)).toEqual(['Set-Cookie: a=1', 'Set-Cookie: b=2'])
    expect(text).toContain('X: \xe9\r\n')
    expect(text.endsWith('\r\n\r\n\xff\x00')).toBe(true)
  })

  it('keeps the Date of the backend, or gets one', async () => {
    const date = 'Date: Thu, 01 Jan 1970 00:00:00 GMT'
    const own = await relay(`HTTP/1.1 200 OK\r\n${date}\r\nContent-Length: 0\r\n\r\n`)
    expect(own.match(/^date: .*$/gim)).toEqual([date])
    const none = await relay('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
    expect(none.match(/^date: .*$/gim)).toHaveLength(1)
  })

  it('loses what is for the backend connection only', async () => {
    const text = await relay(
      'HTTP/1.1 200 OK\r\nConnection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nUpgrade: h2c\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n',
    )
    expect(text).not.toMatch(/x-hop|timeout=9|upgrade|proxy-auth/i)
  })

  it('begins before its body does, when it has no length', async () => {
    await using backend = await startNodeBackend((_incoming, res) => res.flushHeaders())
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    client.send(request())
    await client.until((text) => text.includes('\r\n\r\n'))
  })
})

describe('an HTTP/1.0 client', () => {
  it('gets a response that ends with its connection', async () => {
    const text = await relay(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      'GET / HTTP/1.0\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(text).not.toMatch(/transfer-encoding/i)
    expect(text).toMatch(/\r\n\r\nhello$/)
  })

  it('is reset when the response breaks off', async () => {
    await using backend = await startNodeBackend((_incoming, res) => {
      res.write('hello', () => res.destroy())
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using client = await connectRaw(gateway.port)
    const failed = Promise.withResolvers<Error>()
    client.socket.on('error', failed.resolve)
    client.socket.on('end', () => failed.reject(new Error('ended')))
    client.send('GET / HTTP/1.0\r\n\r\n')
    expect(await failed.promise).toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('a connection', () => {
  it('serves many requests, and so does the one to the backend', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (let i = 0; i < 5; i += 1) {
      const { promise, resolve } = Promise.withResolvers<void>()
      get({ port: gateway.port, host: '127.0.0.1', agent }, (res) =>
        res.resume().on('end', resolve),
      )
      await promise
    }
    agent.destroy()
    expect(backend.seen).toHaveLength(5)
    expect(gateway.upstream.stats().opened).toBe(1)
  })
})

describe('a response that the backend breaks off', () => {
  it.each([
    ['of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
    [
      'with a chunk size that is none',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx',
    ],
  ])('breaks off for the client: %s', async (_, answer) => {
    await using backend = await startRawBackend((socket, text) => {
      if (text.endsWith('\r\n\r\n'))
        socket.write(answer, () => setImmediate(() => socket.destroy()))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const { head, body } = parts(await exchangeRaw(gateway.port, request()))
    expect(head).toMatch(/^HTTP\/1\.1 200 /)
    expect(body).not.toMatch(/0\r\n\r\n$/)
  })

  it('is answered with 502 when nothing of it was sent yet', async () => {
    const text = await relay('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', last(), 'end')
    expect(text).toMatch(/^HTTP\/1\.1 502 /)
  })
})

describe('an error of a backend', () => {
  it.each([
    ['does not listen', 503, 'backend-unreachable', undefined],
    ['closes at once', 502, 'backend-failed', ''],
    ['speaks something else', 502, 'backend-failed', '220 mail.secret ESMTP\r\n'],
    [
      'sends both framings',
      502,
      'backend-failed',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'switches protocols unasked',
      502,
      'backend-failed',
      'HTTP/1.1 101 X\r\nUpgrade: secret\r\n\r\n',
    ],
  ])('is told without its words and its address: it %s', async (_, status, code, answer) => {
    await using backend = await startRawBackend((socket) => void socket.end(answer ?? ''))
    const port = answer === undefined ? 1 : backend.port
    await using gateway = await startTestGateway({ routes: [{ to: port }] })
    const { head, body } = parts(await exchangeRaw(gateway.port, last()))
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toMatch(/^content-type: application\/problem\+json$/im)
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: expect.any(String),
      status,
      code,
      detail: expect.any(String),
    })
    expect(head + body).not.toMatch(new RegExp(`127\\.0|:${port}(?!\\d)|secret|ECONN`))
  })

  it('has no body for HEAD', async () => {
    await using gateway = await startTestGateway({ routes: [{ to: 1 }] })
    expect(parts(await exchangeRaw(gateway.port, last('HEAD')))).toMatchObject({
      head: expect.stringMatching(/^HTTP\/1\.1 503 /),
      body: '',
    })
  })
})
