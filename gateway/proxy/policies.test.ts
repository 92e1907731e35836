import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { startBackend } from '#test/fixtures/backend.ts'
import { localBackend, prefixMatch, startTestGateway } from '#test/fixtures/gateway.ts'

const missing = { kind: 'Service', name: 'missing', port: 80 } as const
const cors = {
  allowOrigins: ['https://a.test'],
  allowMethods: ['PUT'],
  allowHeaders: ['x-a'],
  exposeHeaders: ['x-b'],
  allowCredentials: true,
  maxAgeSeconds: 5,
}

describe('a route', () => {
  it('edits the headers of request and response', async () => {
    await using backend = await startBackend((_request, res) => {
      res.setHeader('X-Old', '1').setHeader('X-Gone', '1').end('ok')
    })
    const edits = {
      set: [['X-Old', '2']],
      add: [['X-New', '3']],
      remove: ['x-gone'],
    } satisfies Parameters<typeof Object.assign>[0]
    await using gateway = await startTestGateway({
      routes: [
        {
          to: backend.port,
          requestHeaders: edits as never,
          responseHeaders: edits as never,
        },
      ],
    })
    const { headers } = await request(`http://127.0.0.1:${gateway.port}/`, {
      headers: { 'x-old': '1', 'x-gone': '1' },
    })
    for (const edited of [headers, backend.seen[0]?.headers]) {
      expect(edited).toMatchObject({ 'x-old': '2', 'x-new': '3' })
      expect(edited).not.toHaveProperty('x-gone')
    }
  })

  it('rewrites host and path, and keeps the query', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [
        {
          to: backend.port,
          prefix: '/old',
          rewrite: { hostname: 'b.test', path: { type: 'ReplacePrefixMatch', value: '/new' } },
        },
      ],
    })
    await request(`http://127.0.0.1:${gateway.port}/old/a%2fb?c=d`)
    expect(backend.seen).toMatchObject([{ url: '/new/a%2Fb?c=d', headers: { host: 'b.test' } }])
  })

  it('redirects by where the request came to', async () => {
    await using gateway = await startTestGateway({
      routes: [{ prefix: '/', redirect: { scheme: 'https', statusCode: 301 } }],
    })
    const { statusCode, headers } = await request(`http://127.0.0.1:${gateway.port}/a?b=c`)
    expect(statusCode).toBe(301)
    expect(headers).toMatchObject({ location: 'https://127.0.0.1/a?b=c', 'content-length': '0' })
  })

  it('says where a request came from, whatever the client says', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    const headers = {
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      forwarded: 'for=6',
    }
    await request(`http://127.0.0.1:${gateway.port}/`, { headers })
    expect(backend.seen[0]?.headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(backend.seen[0]?.headers).not.toHaveProperty('forwarded')
  })

  it('adds to where a request came from behind a trusted proxy', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port }],
      trustForwarded: true,
    })
    const headers = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-proto': 'https' }
    await request(`http://127.0.0.1:${gateway.port}/`, { headers })
    expect(backend.seen[0]?.headers).toMatchObject({
      'x-forwarded-for': '6.6.6.6, 127.0.0.1',
      'x-forwarded-proto': 'https',
    })
  })

  it('answers the share of a backend that does not exist with 500', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [
        {
          backends: [
            { weight: 1, backend: localBackend(backend.port) },
            { weight: 1, backend: missing },
          ],
        },
      ],
    })
    const statuses = new Set<number>()
    for (let i = 0; i < 60; i += 1) {
      const { statusCode, body } = await request(`http://127.0.0.1:${gateway.port}/`)
      await body.dump()
      statuses.add(statusCode)
    }
    expect([...statuses].sort()).toEqual([200, 500])
    expect(gateway.changes[0]?.problems).toMatchObject([{ reason: 'BackendNotFound' }])
  })

  it('never chooses a backend of weight 0', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [
        {
          backends: [
            { weight: 1, backend: localBackend(backend.port) },
            { weight: 0, backend: missing },
          ],
        },
      ],
    })
    for (let i = 0; i < 20; i += 1) {
      const { statusCode, body } = await request(`http://127.0.0.1:${gateway.port}/`)
      await body.dump()
      expect(statusCode).toBe(200)
    }
  })
})

describe('a mirror', () => {
  it('gets a copy, and its answer is dropped', async () => {
    await using backend = await startBackend()
    await using mirror = await startBackend((_request, res) => void res.writeHead(500).end('no'))
    await using gateway = await startTestGateway({
      routes: [
        { to: backend.port, mirrors: [{ percent: 100, backend: localBackend(mirror.port) }] },
      ],
    })
    const { statusCode, body } = await request(`http://127.0.0.1:${gateway.port}/a?b`, {
      method: 'POST',
      body: 'hello',
    })
    expect([statusCode, await body.text()]).toEqual([200, 'ok'])
    await expect.poll(() => mirror.seen).toMatchObject([{ url: '/a?b', body: 'hello' }])
    expect(backend.seen).toMatchObject([{ url: '/a?b', body: 'hello' }])
  })

  it('that never ends its answer is left when the time of the request is up', async () => {
    await using backend = await startBackend()
    let ended = 0
    await using mirror = await startBackend((_request, res) => {
      res.writeHead(200).write('data: 1\n\n')
      res.on('close', () => {
        ended += 1
      })
    })
    await using gateway = await startTestGateway({
      routes: [
        {
          to: backend.port,
          timeouts: { requestMs: 100, backendRequestMs: 0 },
          mirrors: [{ percent: 100, backend: localBackend(mirror.port) }],
        },
      ],
    })
    const { statusCode, body } = await request(`http://127.0.0.1:${gateway.port}/`)
    expect([statusCode, await body.text()]).toEqual([200, 'ok'])
    await expect.poll(() => ended).toBe(1)
  })

  it('that is down changes nothing', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, mirrors: [{ percent: 100, backend: localBackend(1) }] }],
    })
    const { statusCode } = await request(`http://127.0.0.1:${gateway.port}/`)
    expect(statusCode).toBe(200)
  })
})

describe('CORS', () => {
  const preflight = { origin: 'https://a.test', 'access-control-request-method': 'PUT' }

  it('answers a preflight for the route of the announced method', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({
      routes: [{ to: backend.port, cors, matches: [{ ...prefixMatch('/'), method: 'PUT' }] }],
    })
    const { statusCode, headers } = await request(`http://127.0.0.1:${gateway.port}/`, {
      method: 'OPTIONS',
      headers: preflight,
    })
    expect(statusCode).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://a.test',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-credentials': 'true',
    })
    expect(headers).not.toHaveProperty('content-length')
    expect(backend.seen).toEqual([])
  })

  it('marks an actual response, in place of what the backend says', async () => {
    await using backend = await startBackend((_request, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*').end('ok')
    })
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, cors }] })
    const { headers } = await request(`http://127.0.0.1:${gateway.port}/`, {
      headers: { origin: 'https://a.test' },
    })
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://a.test',
      'access-control-expose-headers': 'x-b',
    })
  })

  it.each([
    ['the route has none', {}, preflight],
    ['it is no preflight', { cors }, { origin: 'https://a.test' }],
  ])('leaves OPTIONS to the backend when %s', async (_, route, headers) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port, ...route }] })
    await request(`http://127.0.0.1:${gateway.port}/`, { method: 'OPTIONS', headers })
    expect(backend.seen).toMatchObject([{ method: 'OPTIONS' }])
  })
})
