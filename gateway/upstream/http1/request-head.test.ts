import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { UpstreamRequest } from './contract.ts'
import { encodeRequest } from './request-head.ts'

const request = (part: Partial<UpstreamRequest>): UpstreamRequest => ({
  method: 'GET',
  path: '/a?b',
  headers: ['Host', 'h', 'X-y', 'z'],
  body: null,
  ...part,
})

const head = 'Host: h\r\nX-y: z\r\n'

describe('encodeRequest', () => {
  it.each([
    ['a GET', {}, `GET /a?b HTTP/1.1\r\n${head}\r\n`],
    [
      'a POST without a body',
      { method: 'POST' },
      `POST /a?b HTTP/1.1\r\n${head}Content-Length: 0\r\n\r\n`,
    ],
    [
      'a string',
      { method: 'PUT', body: '\xe9' },
      `PUT /a?b HTTP/1.1\r\n${head}Content-Length: 1\r\n\r\n\xe9`,
    ],
    [
      'a small buffer',
      { method: 'PUT', body: Buffer.from([0, 255]) },
      `PUT /a?b HTTP/1.1\r\n${head}Content-Length: 2\r\n\r\n\0\xff`,
    ],
    [
      'an upgrade',
      { upgrade: 'websocket' },
      `GET /a?b HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ],
    ['OPTIONS *', { method: 'OPTIONS', path: '*' }, `OPTIONS * HTTP/1.1\r\n${head}\r\n`],
  ])('writes %s as one string', (_, part, text) => {
    expect(encodeRequest(request(part))).toEqual({ text, rest: null })
  })

  it('frames by the body alone: framing and hop-by-hop headers given are dropped', () => {
    const headers = [
      'Host',
      'h',
      'Content-Length',
      '9',
      'Transfer-Encoding',
      'chunked',
      'Connection',
      'x',
      'TE',
      'y',
      'Expect',
      '100-continue',
    ]
    const encoded = encodeRequest(request({ method: 'POST', headers, body: 'ab' }))
    expect(encoded.text).toBe('POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab')
  })

  it('leaves large buffers and streams to be sent after the head', () => {
    const large = Buffer.alloc(16_385)
    expect(encodeRequest(request({ method: 'POST', body: large })).rest).toBe(large)
    const stream = Readable.from([])
    expect(encodeRequest(request({ body: { stream, length: 7 } })).text).toContain(
      'Content-Length: 7',
    )
    expect(encodeRequest(request({ body: { stream, length: null } })).text).toContain(
      'Transfer-Encoding: chunked',
    )
  })

  it.each([
    ['CR in the path', { path: '/a\rb' }],
    ['LF in the path', { path: '/a\nb' }],
    ['NUL in the path', { path: '/a\0' }],
    ['a space in the path', { path: '/a b' }],
    ['a character that latin1 would cut to LF', { path: '/\u010a' }],
    ['an absolute path', { path: 'http://h/' }],
    ['an empty path', { path: '' }],
    ['a method with a space', { method: 'GET /x' }],
    ['CONNECT', { method: 'CONNECT' }],
    ['CRLF in a header value', { headers: ['Host', 'h', 'a', 'b\r\nc: d'] }],
    [
      'a header value that latin1 would cut to CRLF',
      { headers: ['Host', 'h', 'a', 'b\u010d\u010ac'] },
    ],
    ['CRLF in a header name', { headers: ['Host', 'h', 'a\r\nb', 'c'] }],
    ['an empty header name', { headers: ['Host', 'h', '', 'c'] }],
    ['an odd list of headers', { headers: ['Host', 'h', 'a'] }],
    ['no Host', { headers: [] }],
    ['two Hosts', { headers: ['Host', 'a', 'host', 'b'] }],
    ['CRLF in the protocol to upgrade to', { upgrade: 'x\r\ny: z' }],
  ])('refuses %s', (_, part) => {
    expect(() => encodeRequest(request(part))).toThrow(
      expect.objectContaining({ code: 'protocol' }),
    )
  })
})
