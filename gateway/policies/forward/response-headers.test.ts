import { expect, test } from 'vitest'
import { toResponseHeaders } from './response-headers.ts'

test('what is for the upstream connection only does not reach the client', () => {
  const headers = ['Connection', 'Keep-Alive', 'Proxy-Authenticate', 'Proxy-Connection']
  headers.push('Proxy-Authentication-Info', 'Trailer', 'Transfer-Encoding', 'Upgrade', 'TE')
  expect(toResponseHeaders(headers.flatMap((name) => [name, 'x']))).toEqual([])
})

test('headers that Connection names are dropped, wherever they stand', () => {
  const headers = ['X-Hop', '1', 'connection', 'close, x-hop', 'X-End', '2', 'x-HOP', '3']
  expect(toResponseHeaders(headers)).toEqual(['X-End', '2'])
})

test('everything else stays as it came, repetitions too', () => {
  const headers = ['Date', 'today', 'Set-Cookie', 'a=1', 'set-cookie', 'b=2', 'Via', '1.1 x']
  expect(toResponseHeaders(headers)).toEqual(headers)
})

test('a length stays, unless a transfer encoding overrides it', () => {
  expect(toResponseHeaders(['Content-Length', '5'])).toEqual(['content-length', '5'])
  const both = ['Content-Length', '5', 'Transfer-Encoding', 'chunked', 'Date', 'today']
  expect(toResponseHeaders(both)).toEqual(['Date', 'today'])
})
