import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Backend, startBackend } from '#test/fixtures/backend.ts'
import { startTestGateway, type TestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw, exchangeRaw } from '#test/fixtures/raw-client.ts'

let backend: Backend
let gateway: TestGateway

beforeAll(async () => {
  backend = await startBackend()
  gateway = await startTestGateway({ routes: [{ to: backend.port }] })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})
beforeEach(() => {
  backend.seen.length = 0
})

const post = (...lines: string[]) => ['POST /first HTTP/1.1', 'Host: a.test', ...lines].join('\r\n')
const next = 'GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n'

describe('a request that two parsers could read differently', () => {
  it.each([
    [
      'has Content-Length and Transfer-Encoding',
      `${post('Content-Length: 6', 'Transfer-Encoding: chunked')}\r\n\r\n0\r\n\r\n${next}`,
    ],
    [
      'has Transfer-Encoding and Content-Length',
      `${post('Transfer-Encoding: chunked', 'Content-Length: 6')}\r\n\r\n0\r\n\r\n${next}`,
    ],
    [
      'has two equal lengths',
      `${post('Content-Length: 5', 'Content-Length: 5')}\r\n\r\nhello${next}`,
    ],
    [
      'has two different lengths',
      `${post('Content-Length: 0', 'Content-Length: 45')}\r\n\r\n${next}`,
    ],
    ['has a list of lengths', `${post('Content-Length: 5, 5')}\r\n\r\nhello${next}`],
    ['has a signed length', `${post('Content-Length: +5')}\r\n\r\nhello${next}`],
    ['has a negative length', `${post('Content-Length: -1')}\r\n\r\n${next}`],
    ['has a hexadecimal length', `${post('Content-Length: 0x5')}\r\n\r\nhello${next}`],
    ['has an empty length', `${post('Content-Length:')}\r\n\r\n${next}`],
    ['has a length too large to count', `${post(`Content-Length: ${'9'.repeat(30)}`)}\r\n\r\n`],
    [
      'has a coding that is not chunked at the end',
      `${post('Transfer-Encoding: chunked, identity')}\r\n\r\n0\r\n\r\n${next}`,
    ],
    [
      'has a control character before chunked',
      `${post('Transfer-Encoding: \x0bchunked')}\r\n\r\n0\r\n\r\n${next}`,
    ],
    [
      'has a space before the colon',
      `${post('Transfer-Encoding : chunked')}\r\n\r\n0\r\n\r\n${next}`,
    ],
    ['has a space before a name', `${post(' Transfer-Encoding: chunked')}\r\n\r\n0\r\n\r\n${next}`],
    ['folds a line', `${post('X: a', ' Transfer-Encoding: chunked')}\r\n\r\n0\r\n\r\n${next}`],
    ['ends lines with LF', `POST / HTTP/1.1\nHost: a.test\nContent-Length: 5\n\nhello${next}`],
    ['ends one line with LF', `${post('X: a\nContent-Length: 5')}\r\n\r\nhello${next}`],
    ['has a bare CR in a value', `${post('X: a\rContent-Length: 5')}\r\n\r\nhello${next}`],
    ['has NUL in a value', `${post('X: a\0b')}\r\n\r\n${next}`],
    ['has NUL in a name', `${post('X\0: b')}\r\n\r\n${next}`],
    ['has two Hosts', `GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n`],
    ['has the same Host twice', `GET / HTTP/1.1\r\nHost: a.test\r\nhost: a.test\r\n\r\n`],
    [
      'has two Hosts beside an absolute target',
      `GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n`,
    ],
    ['has no Host', 'GET / HTTP/1.1\r\nX: a\r\n\r\n'],
    ['has a Host that is none', 'GET / HTTP/1.1\r\nHost: a.test/b\r\n\r\n'],
    ['has a Host with credentials', 'GET / HTTP/1.1\r\nHost: me@a.test\r\n\r\n'],
    ['has no version', 'GET /\r\n\r\n'],
    ['has another version', 'GET / HTTP/1.2\r\nHost: a.test\r\n\r\n'],
    ['has a tab in its first line', 'GET\t/ HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    ['has a method that is no token', 'G@T / HTTP/1.1\r\nHost: a.test\r\n\r\n'],
    [
      'has codings in HTTP/1.0',
      `POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${next}`,
    ],
    [
      'smuggles a request behind an upgrade to h2c',
      `GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    ],
  ])('is answered with 400 and nothing goes on when it %s', async (_, bytes) => {
    const received = await exchangeRaw(gateway.port, bytes)
    expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(received).toMatch(/^connection: close$/im)
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(backend.seen).toEqual([])
  })

  it.each(['gzip, chunked', 'xchunked', '"chunked"', 'identity', 'chunked, chunked'])(
    'is refused, and nothing goes on, when its coding is %s',
    async (coding) => {
      const bytes = `${post(`Transfer-Encoding: ${coding}`)}\r\n\r\n0\r\n\r\n${next}`
      const received = await exchangeRaw(gateway.port, bytes)
      expect(received).toMatch(/^HTTP\/1\.1 (400|501) /)
      expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
      expect(backend.seen).toEqual([])
    },
  )

  it.each([
    ['is not hexadecimal', 'xyz\r\nhello\r\n0\r\n\r\n'],
    ['is signed', '+5\r\nhello\r\n0\r\n\r\n'],
    ['has a prefix', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['is empty', '\r\nhello\r\n0\r\n\r\n'],
    ['is too large to count', `${'f'.repeat(17)}\r\nhello\r\n0\r\n\r\n`],
    ['ends with LF', '5\nhello\r\n0\r\n\r\n'],
    ['is too small for its data', '3\r\nhello\r\n0\r\n\r\n'],
    ['has a space after it', '5 \r\nhello\r\n0\r\n\r\n'],
    ['has a bare CR after it', '5\r\rhello\r\n0\r\n\r\n'],
    ['has a line feed in its extension', '5;a\nb\r\nhello\r\n0\r\n\r\n'],
  ])('never reaches the backend whole when a chunk size %s', async (_, body) => {
    const bytes = `${post('Transfer-Encoding: chunked')}\r\n\r\n${body}${next}`
    const received = await exchangeRaw(gateway.port, bytes)
    expect(received).toMatch(/^HTTP\/1\.1 400 /)
    expect(backend.seen).toEqual([])
  })
})

describe('an absolute target', () => {
  it('names the host, whatever the Host header says', async () => {
    gateway.serve({ name: 'b', hostnames: ['b.test'], to: backend.port, prefix: '/' })
    using client = await connectRaw(gateway.port)
    client.send('GET http://b.test:81/path?q=1 HTTP/1.1\r\nHost: a.test\r\n\r\n')
    await client.until((text) => text.endsWith('ok'))
    gateway.config.remove({ kind: 'APIRoute', namespace: 'default', name: 'b' })
    expect(backend.seen).toMatchObject([
      {
        url: '/path?q=1',
        headers: { 'x-forwarded-host': 'b.test:81', host: `127.0.0.1:${backend.port}` },
      },
    ])
  })
})

describe('an offer to switch to a protocol other than WebSocket', () => {
  it.each(['h2c', 'TLS/1.0', 'websocket, h2c'])('is ignored: %s', async (protocol) => {
    using client = await connectRaw(gateway.port)
    client.send(
      `GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
    )
    expect(await client.until((text) => text.endsWith('ok'))).toMatch(/^HTTP\/1\.1 200 /)
    const [request] = backend.seen
    expect(request?.headers).not.toHaveProperty('upgrade')
    expect(request?.headers).not.toHaveProperty('http2-settings')
  })
})

describe('a header that Connection names', () => {
  it('is not forwarded, but those of the gateway are', async () => {
    using client = await connectRaw(gateway.port)
    client.send(
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: x-secret, x-forwarded-for, host\r\nX-Secret: 1\r\nX-Other: 2\r\n\r\n',
    )
    await client.until((text) => text.endsWith('ok'))
    const { headers } = backend.seen[0]!
    expect(headers).toMatchObject({ 'x-other': '2', 'x-forwarded-for': '127.0.0.1' })
    expect(headers.host).toBe(`127.0.0.1:${backend.port}`)
    expect(headers).not.toHaveProperty('x-secret')
  })
})

describe('the bytes after an answer that ended the connection', () => {
  it('are not taken for a request', async () => {
    const bytes = `POST /%00 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello${next}`
    const received = await exchangeRaw(gateway.port, bytes)
    expect(received.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(backend.seen).toEqual([])
  })
})
