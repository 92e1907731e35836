import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTestClient, startExchange } from './fixtures/exchange-log.ts'
import { answerWith, okResponse, startRawUpstream } from './fixtures/raw-upstream.ts'

const ok = 'HTTP/1.1 200 OK\r\n'

describe('an upstream that misbehaves', () => {
  it.each([
    [
      'sends both framings',
      `${ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'protocol',
    ],
    ['sends another coding', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`, 'protocol'],
    [
      'sends differing lengths',
      `${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
      'protocol',
    ],
    ['sends a length that is no number', `${ok}Content-Length: five\r\n\r\nhello`, 'protocol'],
    ['folds a line', `${ok}A: b\r\n c\r\n\r\n`, 'protocol'],
    ['sends bare LF', `HTTP/1.1 200 OK\nContent-Length: 0\n\n`, 'protocol'],
    ['sends NUL', `${ok}A: \0\r\n\r\n`, 'protocol'],
    ['puts a space before the colon', `${ok}Content-Length : 0\r\n\r\n`, 'protocol'],
    ['speaks something else', '220 mail.test ESMTP\r\n', 'protocol'],
    ['switches protocols unasked', 'HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n', 'protocol'],
    ['sends too large a head', `${ok}A: ${'b'.repeat(9000)}`, 'header_too_large'],
  ])('fails the exchange when it %s', async (_, response, code) => {
    await using upstream = await startRawUpstream(answerWith(response))
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target).done
    expect(log.error).toMatchObject({ code, sent: true, headSeen: false, reusedConnection: false })
    expect(log.ends).toEqual(['error'])
    expect(client.stats().connections).toBe(0)
  })

  it.each([
    [
      'a chunk size it cannot read',
      `${ok}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`,
      'protocol',
    ],
    ['a body cut short by its length', `${ok}Content-Length: 9\r\n\r\nhello`, 'reset'],
    [
      'a chunked body without its end',
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`,
      'reset',
    ],
  ])('fails after the head on %s', async (_, response, code) => {
    await using upstream = await startRawUpstream((socket) => void socket.end(response))
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target).done
    expect(log.error).toMatchObject({ code, sent: true, headSeen: true })
  })

  it.each([
    ['closes at once', ''],
    ['closes within the head', 'HTTP/1.1 200 OK\r\nContent-'],
  ])('reports a reset when it %s', async (_, response) => {
    await using upstream = await startRawUpstream((socket) => void socket.end(response))
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target).done
    expect(log.error).toMatchObject({ code: 'reset', sent: true, headSeen: false })
  })

  it('reports a reset when the connection is reset within the body', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.write(`${ok}Content-Length: 9\r\n\r\nhel`)
    })
    await using client = createTestClient()
    const log = startExchange(client, upstream.target)
    log.onChunk = () => upstream.sockets[0]?.resetAndDestroy()
    expect((await log.done).error).toMatchObject({ code: 'reset', headSeen: true })
  })

  it('accepts a body that ends with the connection when nothing frames it', async () => {
    await using upstream = await startRawUpstream((socket) => void socket.end(`${ok}\r\nhello`))
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target).done
    expect(log).toMatchObject({ ends: ['end'], body: 'hello', bodyLength: -1 })
  })

  it('ends the exchange and drops the connection when bytes follow the response', async () => {
    const second = `${ok}Content-Length: 6\r\n\r\npoison`
    await using upstream = await startRawUpstream(
      (socket) => void socket.write(okResponse + second),
    )
    await using client = createTestClient()
    expect(await startExchange(client, upstream.target).done).toMatchObject({
      body: 'ok',
      ends: ['end'],
    })
    expect(client.stats().connections).toBe(0)
    expect((await startExchange(client, upstream.target).done).body).toBe('ok')
    expect(upstream.sockets).toHaveLength(2)
  })

  it('never ends an exchange twice, whatever an upstream sends', async () => {
    let response = ''
    await using upstream = await startRawUpstream((socket) => void socket.end(response, 'latin1'))
    await using client = createTestClient()
    const valid = fc.constantFrom(
      `${ok}Content-Length: 5\r\n\r\nhello`,
      `${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
      `HTTP/1.1 103 Hint\r\n\r\n${ok}\r\nhello`,
    )
    const edits = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('', '\n', '\r', '\0', ' ', ',', '0', ':', '\xff')),
    )
    await fc.assert(
      fc.asyncProperty(valid, edits, async (text, changes) => {
        const bytes = text.split('')
        for (const [where, byte] of changes) bytes[where % bytes.length] = byte
        response = bytes.join('')
        const log = await startExchange(client, upstream.target).done
        await new Promise((resolve) => setImmediate(resolve))
        expect(log.ends).toHaveLength(1)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a request', () => {
  it('that could break out of its place fails without being sent', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient()
    const log = startExchange(client, upstream.target, { path: '/ HTTP/1.1\r\nX: y' })
    expect(log.ends).toEqual([])
    expect((await log.done).error).toMatchObject({ code: 'protocol', sent: false })
    expect(upstream.sockets).toHaveLength(0)
  })

  it('gets its interim and final response', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
    await using upstream = await startRawUpstream(
      answerWith(`HTTP/1.1 100 C\r\n\r\n${hint}${okResponse}`),
    )
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target).done
    expect(log).toMatchObject({ informed: [103], status: 200, bodyLength: 2, body: 'ok' })
  })

  it('fails alone when its handler throws', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient()
    const log = startExchange(client, upstream.target)
    log.onHead = () => {
      throw new TypeError('bad header')
    }
    expect((await log.done).error?.cause).toBeInstanceOf(TypeError)
    expect((await startExchange(client, upstream.target).done).body).toBe('ok')
  })

  it('hands the socket over on an upgrade, with what was already read', async () => {
    const answer =
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-a: b\r\n\r\nearly'
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.endsWith('\r\n\r\n')) socket.write(answer)
      if (text.endsWith('ping')) socket.end('pong')
    })
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target, { upgrade: 'websocket' }).done
    expect(log).toMatchObject({
      ends: ['upgrade'],
      status: 101,
      headers: ['X-a', 'b'],
      upgradeHead: 'early',
    })
    expect(upstream.received[0]).toContain('Connection: Upgrade\r\nUpgrade: websocket\r\n')
    log.socket?.write('ping')
    const rest = await log.socket?.toArray()
    expect(Buffer.concat(rest ?? []).toString()).toBe('pong')
    expect(client.stats().connections).toBe(0)
  })

  it('that is refused an upgrade gets an ordinary response, on a connection not used again', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target, { upgrade: 'websocket' }).done
    expect(log).toMatchObject({ ends: ['end'], status: 200, body: 'ok' })
    expect(client.stats().connections).toBe(0)
  })
})
