import { describe, expect, it } from 'vitest'
import { ChunkedDecoder } from './chunked.ts'

const decode = (text: string, pieceBytes = text.length) => {
  const decoder = new ChunkedDecoder(256)
  const bytes = Buffer.from(text, 'latin1')
  let body = ''
  let at = 0
  while (at < bytes.length && !decoder.done) {
    const next = decoder.step(bytes, at, Math.min(bytes.length, at + pieceBytes))
    body += bytes.toString('latin1', decoder.dataStart, decoder.dataEnd)
    at = next
  }
  return { body, done: decoder.done, rest: text.slice(at) }
}

describe('ChunkedDecoder', () => {
  it.each([
    ['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello'],
    [
      'upper and lower case sizes',
      'A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n',
      '01234567890123456789',
    ],
    ['leading zeros', '0005\r\nhello\r\n000\r\n\r\n', 'hello'],
    ['extensions', '5;a=b;c="d"\r\nhello\r\n0;x\r\n\r\n', 'hello'],
    ['trailers', '5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n', 'hello'],
    ['no data', '0\r\n\r\n', ''],
  ])('decodes %s, however the bytes arrive, and leaves what follows', (_, text, body) => {
    for (const pieceBytes of [1, 2, 3, 7, 1000]) {
      expect(decode(`${text}NEXT`, pieceBytes)).toEqual({ body, done: true, rest: 'NEXT' })
    }
  })

  it.each([
    ['no size', '\r\nhello'],
    ['a prefix', '0x5\r\nhello'],
    ['a sign', '+5\r\nhello'],
    ['a space before the size', ' 5\r\nhello'],
    ['a space after the size', '5 \r\nhello'],
    ['a bare LF after the size', '5\nhello'],
    ['a bare CR after the size', '5\rhello'],
    ['a bare LF in an extension', '5;a\nhello'],
    ['NUL in an extension', '5;\0\r\nhello'],
    ['a size of 13 digits', '1000000000000\r\n'],
    ['data longer than the size', '4\r\nhello\r\n'],
    ['a bare LF after the data', '5\r\nhello\n0\r\n\r\n'],
    ['endless extensions', `5;${'a'.repeat(20_000)}`],
    ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
    ['a trailer with a bare LF', '0\r\nA: b\nC: d\r\n\r\n'],
  ])('refuses %s', (_, text) => {
    for (const pieceBytes of [1, 1000, 40_000]) {
      expect(() => decode(text, pieceBytes)).toThrow(expect.objectContaining({ code: 'protocol' }))
    }
  })

  it('limits the trailer section', () => {
    const text = `0\r\nA: ${'b'.repeat(300)}\r\n\r\n`
    expect(() => decode(text)).toThrow(expect.objectContaining({ code: 'header_too_large' }))
    expect(() => decode(text, 1)).toThrow(expect.objectContaining({ code: 'header_too_large' }))
  })
})
