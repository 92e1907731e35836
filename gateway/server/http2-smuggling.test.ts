import { describe, expect, it } from 'vitest'
import { startBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'
import { openH2, sendH2 } from '#test/fixtures/h2-client.ts'
import { cancelRawH2, cutRawH2, requestRawH2 } from '#test/fixtures/raw-h2.ts'

describe('an HTTP/2 request that could be read differently over HTTP/1.1', () => {
  const good = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':authority', 'a.test'],
    [':path', '/'],
  ] as const
  const without = (name: string) => good.filter(([key]) => key !== name)

  it('is answered when it is good', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    expect(await requestRawH2(gateway.port, good)).toBe('answered')
    expect(backend.seen).toHaveLength(1)
  })

  it.each([
    ['upper case in a name', [...good, ['X', 'c']]],
    ['Transfer-Encoding', [...good, ['transfer-encoding', 'chunked']]],
    ['Connection', [...good, ['connection', 'close']]],
    ['Upgrade', [...good, ['upgrade', 'websocket']]],
    ['a wrong length', [...good, ['content-length', '5']]],
    ['two lengths', [...good, ['content-length', '0'], ['content-length', '5']]],
    ['a pseudo-header twice', [...good, [':path', '/b']]],
    ['a pseudo-header after headers', [...good, ['x', 'a'], [':path', '/b']]],
    ['an unknown pseudo-header', [...good, [':x', 'a']]],
    ['a pseudo-header of responses', [...good, [':status', '200']]],
    ['no method', without(':method')],
    ['no path', without(':path')],
    ['two Hosts', [...good, ['host', 'a.test'], ['host', 'b.test']]],
    ['a line in its method', [...without(':method'), [':method', 'GET / HTTP/1.1\r\nX: a']]],
    ['a line in its path', [...without(':path'), [':path', '/ HTTP/1.1\r\nX: a']]],
    ['a line in its query', [...without(':path'), [':path', '/?a HTTP/1.1\r\nX: a']]],
    ['a space in its path', [...without(':path'), [':path', '/a b']]],
    ['a space in its query', [...without(':path'), [':path', '/?a b']]],
    ['a line in its authority', [...without(':authority'), [':authority', 'a\r\nX: a']]],
    ['no slash in its path', [...without(':path'), [':path', 'a']]],
  ] as [string, [string, string][]][])('reaches no backend: %s', async (_, headers) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    await requestRawH2(gateway.port, headers)
    expect(backend.seen).toEqual([])
  })

  it.each([
    ['CR LF in a value', [...good, ['x', 'a\r\nb: c']]],
    ['LF in a value', [...good, ['x', 'a\nb: c']]],
    ['CR in a value', [...good, ['x', 'a\rb']]],
    ['NUL in a value', [...good, ['x', 'a\0b']]],
    ['CR LF in a name', [...good, ['x: a\r\nb', 'c']]],
    ['a colon in a name', [...good, ['x:', 'c']]],
    ['a space in a name', [...good, ['transfer-encoding ', 'chunked']]],
    ['an empty name', [...good, ['', 'c']]],
  ] as [string, [string, string][]][])('loses a header that has %s', async (_, headers) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    expect(await requestRawH2(gateway.port, headers)).toBe('answered')
    expect(backend.seen.map(({ headers: got }) => Object.keys(got).sort())).toEqual([
      ['host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id'],
    ])
  })

  it.each([
    ['the same', 'a.test', 200],
    ['the same in capitals', 'A.Test', 200],
    ['another', 'b.test', 400],
  ])('may have a Host beside its authority that is %s', async (_, host, status) => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    expect(await sendH2(session, { ':authority': 'a.test', host })).toMatchObject({ status })
    expect(backend.seen.map(({ headers }) => headers['x-forwarded-host'])).toEqual(
      status === 200 ? ['a.test'] : [],
    )
  })
})

describe('an HTTP/2 request that is taken back', () => {
  const invited = [
    [':method', 'POST'],
    [':scheme', 'http'],
    [':authority', 'a.test'],
    [':path', '/cut'],
    ['expect', '100-continue'],
  ] as const

  it('at once, although it expects to be invited, harms nobody', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    await cancelRawH2(gateway.port, invited)
    using session = await openH2(gateway.port)
    expect(await sendH2(session)).toMatchObject({ status: 200 })
  })

  it('before its body is whole does not reach the backend as a whole one', async () => {
    await using backend = await startBackend()
    await using gateway = await startTestGateway({ routes: [{ to: backend.port }] })
    using session = await openH2(gateway.port)
    // Leaves an idle connection to the backend, over which a request goes out at once.
    expect(await sendH2(session)).toMatchObject({ status: 200 })
    const headers = [...invited, ['content-length', '60000']] as const
    await cutRawH2(gateway.port, headers, Buffer.alloc(1000, 'x'))
    expect(await sendH2(session, { ':path': '/after' })).toMatchObject({ status: 200 })
    expect(backend.seen.map(({ url }) => url)).toEqual(['/', '/after'])
  })
})
