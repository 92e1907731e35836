import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import type { CompiledRetry } from '#config/compiled/api-route.ts'
import { startBackend, startNodeBackend, startRawBackend } from '#test/fixtures/backend.ts'
import { localBackend, startTestGateway } from '#test/fixtures/gateway.ts'
import { exchangeRaw } from '#test/fixtures/raw-client.ts'

const retry: CompiledRetry = {
  attempts: 2,
  codes: [503],
  backoffMs: 1,
  methods: ['GET', 'PUT'],
  budget: { percent: 100, intervalMs: 10_000, minRetryRate: 100 },
}

const send = async (port: number, options: Parameters<typeof request>[1] = {}) => {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/`, options)
  return { status: statusCode, body: await body.text() }
}

describe('the request timeout', () => {
  it('is answered with 504 and cancels the request', async () => {
    await using backend = await startNodeBackend(() => undefined)
    const timeouts = { requestMs: 60, backendRequestMs: 0 }
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, timeouts }] })
    const { status, body } = await send(gateway.port)
    expect(status).toBe(504)
    expect(JSON.parse(body)).toMatchObject({ code: 'request-timeout' })
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })

  it('breaks a response off that does not end', async () => {
    await using backend = await startNodeBackend((_incoming, res) => void res.write('hello'))
    const timeouts = { requestMs: 60, backendRequestMs: 0 }
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, timeouts }] })
    const text = await exchangeRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n')
    expect(text).toMatch(/5\r\nhello\r\n$/)
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })

  it('holds over all tries', async () => {
    await using backend = await startNodeBackend(() => undefined)
    const timeouts = { requestMs: 120, backendRequestMs: 50 }
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, timeouts, retry: { ...retry, attempts: 5 } }],
    })
    const startedAt = performance.now()
    expect(await send(gateway.port)).toMatchObject({ status: 504 })
    expect(performance.now() - startedAt).toBeLessThan(600)
  })
})

describe('the timeout of a try', () => {
  const timeouts = { requestMs: 0, backendRequestMs: 60 }

  it('is answered with 504', async () => {
    await using backend = await startNodeBackend(() => undefined)
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, timeouts }] })
    const { status, body } = await send(gateway.port)
    expect(status).toBe(504)
    expect(JSON.parse(body)).toMatchObject({ code: 'backend-timeout' })
    await expect.poll(() => gateway.upstream.stats().connections).toBe(0)
  })

  it('leads to another try', async () => {
    let count = 0
    await using backend = await startNodeBackend((_incoming, res) => {
      count += 1
      if (count > 1) res.end('ok')
    })
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, timeouts, retry }],
    })
    expect(await send(gateway.port)).toEqual({ status: 200, body: 'ok' })
  })
})

describe('another try', () => {
  it.each([
    ['a GET', { method: 'GET' }, 3, 200],
    ['a PUT with its body', { method: 'PUT', body: 'hello' }, 3, 200],
    ['no POST', { method: 'POST', body: 'hello' }, 1, 503],
  ] as const)('is made of %s on a listed status', async (_, options, tries, status) => {
    await using backend = await startBackend((_request, res, count) => {
      res.writeHead(count < 3 ? 503 : 200).end('end')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, retry }] })
    expect(await send(gateway.port, options)).toEqual({ status, body: 'end' })
    expect(backend.seen).toHaveLength(tries)
    expect(new Set(backend.seen.map(({ body }) => body)).size).toBe(1)
  })

  it('is not made on another status', async () => {
    await using backend = await startBackend((_request, res) => void res.writeHead(500).end())
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, retry }] })
    expect(await send(gateway.port)).toMatchObject({ status: 500 })
    expect(backend.seen).toHaveLength(1)
  })

  it('ends with the last answer when none is good', async () => {
    await using backend = await startBackend((_request, res, count) => {
      res.writeHead(503).end(String(count))
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, retry }] })
    expect(await send(gateway.port)).toEqual({ status: 503, body: '3' })
  })

  it('is made of any method, with any body, when no connection was made', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [
        {
          retry: { ...retry, attempts: 5, methods: [] },
          // One is down; that all six tries hit it is one in a million.
          backends: [
            { weight: 1, backend: localBackend(1) },
            { weight: 9, backend: localBackend(backend.port) },
          ],
        },
      ],
    })
    for (let i = 0; i < 10; i += 1) {
      const body = 'x'.repeat(100_000)
      expect(await send(gateway.port, { method: 'POST', body })).toMatchObject({ status: 200 })
    }
    expect(backend.seen.every(({ body }) => body.length === 100_000)).toBe(true)
  })

  it('is not made of a POST that may have arrived', async () => {
    let count = 0
    await using backend = await startRawBackend((socket) => {
      count += 1
      socket.destroy()
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, retry }] })
    expect(await send(gateway.port, { method: 'POST', body: 'a' })).toMatchObject({ status: 502 })
    expect(count).toBe(1)
  })

  it('is made when the response breaks off before a byte of it was sent', async () => {
    let count = 0
    await using backend = await startRawBackend((socket) => {
      count += 1
      if (count === 1) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n')
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, retry }] })
    expect(await send(gateway.port)).toEqual({ status: 200, body: 'ok' })
  })

  it('waits as long as Retry-After says', async () => {
    await using backend = await startBackend((_request, res, count) => {
      if (count === 1) res.writeHead(503, { 'retry-after': '1' }).end()
      else res.end('ok')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, retry }] })
    const startedAt = performance.now()
    expect(await send(gateway.port)).toMatchObject({ status: 200 })
    expect(performance.now() - startedAt).toBeGreaterThan(950)
  })

  it('is not made when Retry-After leaves no time', async () => {
    await using backend = await startBackend((_request, res) => {
      res.writeHead(503, { 'retry-after': '9' }).end()
    })
    const timeouts = { requestMs: 2000, backendRequestMs: 0 }
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, retry, timeouts }],
    })
    expect(await send(gateway.port)).toMatchObject({ status: 503 })
    expect(backend.seen).toHaveLength(1)
  })

  it('is not made when the budget is spent', async () => {
    await using backend = await startBackend((_request, res) => void res.writeHead(503).end())
    const budget = { percent: 0, intervalMs: 10_000, minRetryRate: 0 }
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, retry: { ...retry, budget } }],
    })
    await send(gateway.port)
    expect(backend.seen).toHaveLength(1)
  })
})
