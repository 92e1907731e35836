import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRequestHeaders, type ForwardContext } from './forward-headers.ts'

const context: ForwardContext = {
  clientAddress: '203.0.113.7',
  scheme: 'https',
  host: 'api.example.com',
  hostToUpstream: 'backend.svc',
  requestId: 'id-1',
}
const distrusting = createRequestHeaders({ trustForwarded: false })
const trusting = createRequestHeaders({ trustForwarded: true })

/** All values of a header, by its lower-case name. */
const valuesOf = (headers: readonly string[], name: string): string[] =>
  headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name)

test('Host comes first, then what the client sent, then where it came from', () => {
  expect(distrusting(['Accept', '*/*', 'Host', 'api.example.com', 'X-A', '1'], context)).toEqual([
    ...['host', 'backend.svc', 'Accept', '*/*', 'X-A', '1', 'x-request-id', 'id-1'],
    ...['x-forwarded-for', '203.0.113.7', 'x-forwarded-proto', 'https'],
    ...['x-forwarded-host', 'api.example.com'],
  ])
})

test.each([
  'Connection',
  'Content-Length',
  'Expect',
  'HTTP2-Settings',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  ':path',
])('%s is not forwarded, whatever its case', (name) => {
  for (const raw of [name, name.toLowerCase(), name.toUpperCase()]) {
    expect(valuesOf(distrusting([raw, 'x'], context), name.toLowerCase())).toEqual([])
  }
})

describe('Connection', () => {
  test('drops the headers it names, wherever they stand', () => {
    const raw = ['X-Hop', '1', 'Connection', 'keep-alive, x-hop', 'connection', 'X-Other']
    const headers = distrusting([...raw, 'x-other', '2', 'X-End', '3'], context)
    expect(headers).not.toContain('X-Hop')
    expect(headers).not.toContain('x-other')
    expect(valuesOf(headers, 'x-end')).toEqual(['3'])
  })

  test('cannot drop what the gateway adds', () => {
    const raw = ['Connection', 'host, x-forwarded-for, x-forwarded-host, x-request-id, cookie']
    const headers = trusting([...raw, 'X-Forwarded-For', '10.0.0.1', 'Cookie', 'a=1'], context)
    expect(valuesOf(headers, 'host')).toEqual(['backend.svc'])
    expect(valuesOf(headers, 'x-forwarded-for')).toEqual(['10.0.0.1, 203.0.113.7'])
    expect(valuesOf(headers, 'x-forwarded-host')).toEqual(['api.example.com'])
    expect(valuesOf(headers, 'x-request-id')).toEqual(['id-1'])
    expect(valuesOf(headers, 'cookie')).toEqual([])
  })
})

describe('forwarding headers', () => {
  const raw = [
    ...['X-Forwarded-For', '10.0.0.1', 'x-forwarded-for', '10.0.0.2', 'Forwarded', 'for=10.0.0.1'],
    ...['X-Forwarded-Proto', 'http', 'X-Forwarded-Host', 'shop.example.com'],
  ]

  test('of a peer that is not trusted are replaced', () => {
    const headers = distrusting(raw, context)
    expect(valuesOf(headers, 'x-forwarded-for')).toEqual(['203.0.113.7'])
    expect(valuesOf(headers, 'x-forwarded-proto')).toEqual(['https'])
    expect(valuesOf(headers, 'x-forwarded-host')).toEqual(['api.example.com'])
    expect(valuesOf(headers, 'forwarded')).toEqual([])
  })

  test('of a trusted peer are kept, and its address is added', () => {
    const headers = trusting(raw, context)
    expect(valuesOf(headers, 'x-forwarded-for')).toEqual(['10.0.0.1, 10.0.0.2, 203.0.113.7'])
    expect(valuesOf(headers, 'x-forwarded-proto')).toEqual(['http'])
    expect(valuesOf(headers, 'x-forwarded-host')).toEqual(['shop.example.com'])
    expect(valuesOf(headers, 'forwarded')).toEqual(['for=10.0.0.1'])
  })

  test('that a trusted peer does not send, or sends empty, are written anew', () => {
    for (const some of [[], ['X-Forwarded-For', '', 'X-Forwarded-Proto', '']]) {
      expect(trusting(some, context)).toEqual(distrusting(some, context))
    }
  })

  test('name no host when the client named none', () => {
    for (const build of [distrusting, trusting]) {
      expect(build([], { ...context, host: '' })).not.toContain('x-forwarded-host')
    }
  })
})

test('a request id of the client is kept', () => {
  expect(valuesOf(distrusting(['X-Request-ID', 'mine'], context), 'x-request-id')).toEqual(['mine'])
})

test('without a request id none is added', () => {
  const { requestId: _, ...rest } = context
  expect(distrusting([], rest)).not.toContain('x-request-id')
})

test('cookies that HTTP/2 split become one header', () => {
  const headers = distrusting(['cookie', 'a=1', 'cookie', 'b=2'], context)
  expect(valuesOf(headers, 'cookie')).toEqual(['a=1; b=2'])
})

test('no client can send framing, hop-by-hop or forged forwarding headers through', () => {
  const names = ['Host', 'te', 'Upgrade', 'X-A', 'Content-Length', 'transfer-encoding', 'Forwarded']
  names.push('X-Forwarded-For', 'x-forwarded-proto', 'Connection', 'CONNECTION')
  const name = fc.constantFrom(...names)
  const value = fc.constantFrom('chunked', 'x-a', 'keep-alive', 'Host, X-A', 'forged', ',', '')
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
      const headers = distrusting(pairs.flat(), context)
      const sent = headers.filter((_, i) => i % 2 === 0).map((each) => each.toLowerCase())
      const own = ['host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']
      expect(sent.filter((each) => each !== 'x-a').sort()).toEqual([...own, 'x-request-id'])
      expect(headers[0]).toBe('host')
      expect(valuesOf(headers, 'x-forwarded-for')).toEqual(['203.0.113.7'])
    }),
  )
})
