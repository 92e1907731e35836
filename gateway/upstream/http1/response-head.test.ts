import { describe, expect, it } from 'vitest'
import { parseResponseHead } from './response-head.ts'

const ok = 'HTTP/1.1 200 OK'

describe('parseResponseHead', () => {
  it.each([
    ['no reason phrase', 'HTTP/1.1 204 ', 204],
    ['no space after the status', 'HTTP/1.1 204', 204],
    ['a status line followed by a header', 'HTTP/1.1 500\r\nA: b', 500],
    ['obs-text in the reason', 'HTTP/1.1 200 \xe9t\xe9', 200],
    ['an unregistered status', 'HTTP/1.1 999 x', 999],
  ])('accepts %s', (_, text, status) => {
    expect(parseResponseHead(text).status).toBe(status)
  })

  it.each([
    ['another protocol', 'ICY 200 OK'],
    ['HTTP/2', 'HTTP/2.0 200 OK'],
    ['HTTP/1.2', 'HTTP/1.2 200 OK'],
    ['a lower-case version', 'http/1.1 200 OK'],
    ['two spaces before the status', 'HTTP/1.1  200 OK'],
    ['a two-digit status', 'HTTP/1.1 20 OK'],
    ['a four-digit status', 'HTTP/1.1 2000 OK'],
    ['a status below 100', 'HTTP/1.1 099 OK'],
    ['a leading empty line', '\r\nHTTP/1.1 200 OK'],
    ['a bare LF', 'HTTP/1.1 200 OK\nA: b'],
    ['a bare CR', `${ok}\r\nA: b\rC: d`],
    ['NUL', `${ok}\r\nA: b\0`],
    ['another control character', `${ok}\r\nA: \x07`],
    ['a folded line', `${ok}\r\nA: b\r\n c`],
    ['a line that begins with a tab', `${ok}\r\nA: b\r\n\tc: d`],
    ['a space before the colon', `${ok}\r\nContent-Length : 5`],
    ['a name with a space', `${ok}\r\nContent Length: 5`],
    ['an empty name', `${ok}\r\n: 5`],
    ['a line without a colon', `${ok}\r\nnonsense`],
    ['a name beyond ASCII', `${ok}\r\n\xe9: 5`],
    ['a Content-Length with a sign', `${ok}\r\nContent-Length: +5`],
    ['a hexadecimal Content-Length', `${ok}\r\nContent-Length: 0x5`],
    ['a list of Content-Lengths', `${ok}\r\nContent-Length: 5, 5`],
    ['an empty Content-Length', `${ok}\r\nContent-Length:`],
    ['a Content-Length past 2^53', `${ok}\r\nContent-Length: 9999999999999999`],
    ['differing Content-Lengths', `${ok}\r\nContent-Length: 5\r\ncontent-length: 6`],
    ['both framings', `${ok}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked`],
    ['both framings, the other way', `${ok}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5`],
    ['a coding before chunked', `${ok}\r\nTransfer-Encoding: gzip, chunked`],
    ['a coding after chunked', `${ok}\r\nTransfer-Encoding: chunked, identity`],
    ['chunked twice', `${ok}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked`],
    ['a coding that only looks like chunked', `${ok}\r\nTransfer-Encoding: xchunked`],
    ['an empty coding', `${ok}\r\nTransfer-Encoding:`],
    ['chunked with a vertical tab', `${ok}\r\nTransfer-Encoding: \x0bchunked`],
    ['chunked after a no-break space', `${ok}\r\nTransfer-Encoding: \xa0chunked`],
    ['chunked in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked'],
  ])('refuses %s', (_, text) => {
    expect(() => parseResponseHead(text)).toThrow(expect.objectContaining({ code: 'protocol' }))
  })

  it('keeps end-to-end headers as they are, in order, without surrounding blanks', () => {
    const head = parseResponseHead(
      `${ok}\r\nSet-Cookie: a\r\nX-y:\t b  c \t\r\nset-cookie:d\r\nEmpty:`,
    )
    expect(head.headers).toEqual(['Set-Cookie', 'a', 'X-y', 'b  c', 'set-cookie', 'd', 'Empty', ''])
  })

  it('takes hop-by-hop headers out, those that Connection names included', () => {
    const hop =
      'Connection: X-Hop, close\r\nKeep-Alive: timeout=5\r\nTE: x\r\nTrailer: y\r\nUpgrade: h2c'
    const head = parseResponseHead(`${ok}\r\nx-hop: 1\r\n${hop}\r\nX-Kept: 2\r\nX-HOP: 3`)
    expect(head.headers).toEqual(['X-Kept', '2'])
    expect(head).toMatchObject({ keepAlive: false, keepAliveMs: 5000, upgrade: 'h2c' })
  })

  it('accepts the same Content-Length twice', () => {
    const head = parseResponseHead(`${ok}\r\nContent-Length: 5\r\nContent-Length: 5`)
    expect(head).toMatchObject({ contentLength: 5, chunked: false, headers: [] })
  })

  it.each([
    ['HTTP/1.1', 'HTTP/1.1 200 OK', true],
    ['HTTP/1.1 with close', 'HTTP/1.1 200 OK\r\nConnection: Close', false],
    [
      'HTTP/1.1 with close in a second header',
      `${ok}\r\nConnection: a\r\nConnection: close`,
      false,
    ],
    ['HTTP/1.0', 'HTTP/1.0 200 OK', false],
    ['HTTP/1.0 with keep-alive', 'HTTP/1.0 200 OK\r\nConnection: keep-alive', true],
    ['keep-alive and close', `${ok}\r\nConnection: keep-alive, close`, false],
  ])('tells whether the connection lasts: %s', (_, text, keepAlive) => {
    expect(parseResponseHead(text).keepAlive).toBe(keepAlive)
  })
})
