import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Backend, startBackend } from '#test/fixtures/backend.ts'
import { startTestGateway, type TestGateway } from '#test/fixtures/gateway.ts'
import { connectRaw } from '#test/fixtures/raw-client.ts'

let backend: Backend
let gateway: TestGateway

beforeAll(async () => {
  backend = await startBackend()
  gateway = await startTestGateway({
    routes: [
      { name: 'all', to: backend.port },
      { name: 'moved', prefix: '/moved', redirect: { scheme: 'https', statusCode: 302 } },
    ],
    maxBodyBytes: 100,
    limits: { headersTimeoutMs: 100, requestTimeoutMs: 200, keepAliveTimeoutMs: 200 },
  })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await backend[Symbol.asyncDispose]()
})

const TEMPLATES = [
  'GET /a/../b?c=d HTTP/1.1\r\nHost: a.test\r\nX: y\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello',
  'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: x\r\n\r\n',
  'POST /moved HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 99\r\n\r\nhello',
  'HEAD http://b.test/ HTTP/1.0\r\n\r\nGET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbytes',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x09\x01\x05\0\0\0\x01\x82\x86\x84\x41\x04test',
]

const piece = fc.oneof(
  fc.constantFrom('\r', '\n', '\r\n', '\0', ' ', '\t', ':', ',', '0', '-', '%', '%2e', '/', '\xff'),
  fc.constantFrom(
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Host: b\r\n',
    '\r\n\r\n',
  ),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
)

/** A template with some stretches of it replaced. */
const request = fc
  .tuple(
    fc.constantFrom(...TEMPLATES),
    fc.array(fc.tuple(fc.nat(150), fc.nat(6), piece), { maxLength: 4 }),
  )
  .map(([template, edits]) =>
    edits.reduce((text, [at, length, put]) => {
      const from = at % (text.length + 1)
      return text.slice(0, from) + put + text.slice(from + length)
    }, template),
  )

/** Resolves once the connection has an answer or is over; rejects after a while. */
const settle = async (bytes: string): Promise<void> => {
  using client = await connectRaw(gateway.port)
  client.send(bytes)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('neither answered nor closed')), 4000)
  const answered = client.until((text) => text.length > 0).catch(() => undefined)
  await Promise.race([answered, client.closed, late.promise]).finally(() => clearTimeout(timer))
}

const activeConnections = () => {
  const { connections, idle } = gateway.upstream.stats()
  return connections - idle
}

it('answers or closes whatever comes, forgets it, and goes on serving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 40, maxLength: 40 }), async (requests) => {
      await Promise.all(requests.map(settle))
      using client = await connectRaw(gateway.port)
      client.send('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
      await client.until((text) => text.endsWith('ok'))
    }),
    { numRuns: 10, endOnFailure: true },
  )
  await expect.poll(activeConnections, { timeout: 3000 }).toBe(0)
}, 30_000)

it('never hands on a request with a path or headers that could mean two things', () => {
  expect(backend.seen.length).toBeGreaterThan(10)
  for (const { url, rawHeaders } of backend.seen) {
    expect(url).not.toMatch(/[\0- #\\]|\/\.\.?(\/|$|\?)|^\/\/|%00|%5c/i)
    const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase())
    const framing = names.filter(
      (name) => name === 'content-length' || name === 'transfer-encoding',
    )
    expect(framing.length).toBeLessThan(2)
    expect(names.filter((name) => name === 'host')).toHaveLength(1)
  }
})
