import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UpstreamFault } from './error.ts'
import type { ResponseHead } from './response-head.ts'
import { ResponseReader, type ResponseSink } from './response-reader.ts'

class Record implements ResponseSink {
  events: string[] = []
  status = 0
  headers: string[] = []
  length = Number.NaN
  body = ''
  interim: number[] = []
  outcome = 'incomplete'

  head(head: ResponseHead, length: number): void {
    Object.assign(this, { status: head.status, headers: head.headers, length })
    this.events.push('head')
  }
  information(head: ResponseHead): void {
    this.interim.push(head.status)
  }
  data(chunk: Buffer): void {
    this.body += chunk.toString('latin1')
  }
  complete(excess: boolean): void {
    this.outcome = excess ? 'excess' : 'complete'
    this.events.push('complete')
  }
  upgrade(_: ResponseHead, rest: Buffer): void {
    this.outcome = `upgrade ${rest.toString('latin1')}`
    this.events.push('complete')
  }
}

/** Reads `bytes` cut at `cuts`; every piece comes in the same buffer, as from a socket. */
const readPieces = (bytes: Buffer, cuts: number[], method: string): Record => {
  const record = new Record()
  const reader = new ResponseReader(record, 8192)
  reader.begin(method, 'websocket')
  const buffer = Buffer.alloc(65_536)
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let at = 0
  for (const end of [...ends, bytes.length]) {
    bytes.copy(buffer, 0, at, end)
    reader.read(buffer, end - at)
    at = end
  }
  if (record.outcome === 'incomplete' && reader.end()) record.outcome = 'until close'
  return record
}

const value = fc.stringMatching(/^[!-~\x80-\xff]([ \t!-~\x80-\xff]{0,20}[!-~\x80-\xff])?$/)
const header = fc.tuple(fc.stringMatching(/^X-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/), value)
const headers = fc.array(header, { maxLength: 8 })
const data = fc
  .uint8Array({ maxLength: 3000 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
const framing = fc.oneof(
  fc.record({ kind: fc.constant('length' as const), body: data }),
  fc.record({ kind: fc.constant('close' as const), body: data }),
  fc.record({
    kind: fc.constant('chunked' as const),
    chunks: fc.array(data, { maxLength: 6 }),
    extension: fc.constantFrom('', ';a', ';name="v"'),
    trailer: fc.constantFrom('', 'X-Sum: 1\r\n', 'A: b\r\nC: d\r\n'),
  }),
)

const responses = fc
  .record({ status: fc.integer({ min: 205, max: 303 }), headers, framing, hints: fc.nat(2) })
  .map(({ status, headers, framing, hints }) => {
    const lines = headers.map(([name, text]) => `${name}: ${text}\r\n`).join('')
    let body: string
    let framed: string
    if (framing.kind === 'chunked') {
      const { extension, trailer } = framing
      const chunks = framing.chunks.filter((chunk) => chunk !== '')
      body = chunks.join('')
      const coded = chunks.map((c) => `${c.length.toString(16)}${extension}\r\n${c}\r\n`).join('')
      framed = `Transfer-Encoding: chunked\r\n\r\n${coded}0\r\n${trailer}\r\n`
    } else {
      body = framing.body
      const field = framing.kind === 'length' ? `Content-Length: ${body.length}\r\n` : ''
      framed = `${field}\r\n${body}`
    }
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(hints)
    const text = `${interim}HTTP/1.1 ${status} Some reason\r\n${lines}${framed}`
    return {
      bytes: Buffer.from(text, 'latin1'),
      status,
      headers: headers.flat(),
      body,
      kind: framing.kind,
      hints,
    }
  })

const cuts = fc.array(fc.nat(), { maxLength: 40 })

describe('ResponseReader', () => {
  it('reads a well-formed response the same, however it is cut', () => {
    fc.assert(
      fc.property(responses, cuts, (response, at) => {
        const record = readPieces(response.bytes, at, 'GET')
        expect(record).toMatchObject({
          status: response.status,
          headers: response.headers,
          body: response.body,
        })
        expect(record.interim).toEqual(Array(response.hints).fill(103))
        expect(record.outcome).toBe(response.kind === 'close' ? 'until close' : 'complete')
      }),
      { numRuns: 400 },
    )
  })

  it('reads a response byte by byte', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const record = readPieces(response.bytes, [...response.bytes.keys()], 'GET')
        expect(record).toMatchObject({ headers: response.headers, body: response.body })
      }),
      { numRuns: 40 },
    )
  })

  it('only ever throws a fault, and never completes twice, whatever is changed', () => {
    const edits = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom(0, 9, 10, 13, 32, 44, 48, 53, 58, 59, 65, 255)),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    fc.assert(
      fc.property(responses, edits, cuts, (response, changes, at) => {
        const bytes = Buffer.from(response.bytes)
        for (const [where, byte] of changes) bytes[where % Math.min(bytes.length, 600)] = byte
        try {
          const { events } = readPieces(bytes, at, 'GET')
          expect(events.filter((event) => event === 'complete').length).toBeLessThanOrEqual(1)
        } catch (error) {
          expect(error).toBeInstanceOf(UpstreamFault)
        }
      }),
      { numRuns: 600 },
    )
  })

  it.each([
    ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', ['Content-Length', '5']],
    ['HEAD, chunked', 'HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', []],
    ['204', 'GET', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', []],
    [
      '304',
      'GET',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      ['Content-Length', '5'],
    ],
    ['Content-Length 0', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', []],
  ])('expects no body after %s', (_, method, text, kept) => {
    const record = readPieces(Buffer.from(text), [], method)
    expect(record).toMatchObject({ outcome: 'complete', length: 0, headers: kept, body: '' })
    expect(readPieces(Buffer.from(`${text}x`), [], method).outcome).toBe('excess')
  })

  it('consumes 100 and refuses an endless row of interim responses', () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\n'
    const final = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
    expect(readPieces(Buffer.from(interim + final), [], 'GET')).toMatchObject({
      interim: [],
      outcome: 'complete',
    })
    expect(() => readPieces(Buffer.from(interim.repeat(17) + final), [], 'GET')).toThrow('interim')
  })

  it('hands over what follows a switch to the protocol asked for, and refuses any other', () => {
    const text = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: '
    expect(readPieces(Buffer.from(`${text}WebSocket\r\n\r\nabc`), [], 'GET').outcome).toBe(
      'upgrade abc',
    )
    expect(() => readPieces(Buffer.from(`${text}h2c\r\n\r\n`), [], 'GET')).toThrow('not asked for')
  })

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'protocol'],
    ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', 'protocol'],
    ['NUL', 'HTTP/1.1 200 OK\r\nA: \0', 'protocol'],
    ['too much', `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(9000)}`, 'header_too_large'],
    ['too much at once', `HTTP/1.1 200 OK\r\nA: ${'b'.repeat(9000)}\r\n\r\n`, 'header_too_large'],
  ])('refuses %s without waiting for the end of the head', (_, text, code) => {
    const bytes = Buffer.from(text)
    const everywhere = Array.from({ length: bytes.length }, (_, index) => index)
    for (const at of [[], everywhere]) {
      expect(() => readPieces(bytes, at, 'GET')).toThrow(expect.objectContaining({ code }))
    }
  })
})
