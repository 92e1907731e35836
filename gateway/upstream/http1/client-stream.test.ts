import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it, vi } from 'vitest'
import { createTestClient, ExchangeLog, startExchange } from './fixtures/exchange-log.ts'
import { okResponse, startRawUpstream } from './fixtures/raw-upstream.ts'

const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4)
const unchunked = (text: string) => {
  let [rest, body] = [text, '']
  for (;;) {
    const size = Number.parseInt(rest, 16)
    const start = rest.indexOf('\r\n') + 2
    if (size === 0) return body
    body += rest.slice(start, start + size)
    rest = rest.slice(start + size + 2)
  }
}

/** Answers once `complete` says the request is whole. */
const answerWhen = (complete: (text: string) => boolean) => (socket: Socket, text: string) => {
  if (complete(text)) socket.write(okResponse)
}

describe('a request body', () => {
  const large = Buffer.alloc(3_000_000, 'abcdefg')

  it('goes out whole from a large buffer, and from a string', async () => {
    await using upstream = await startRawUpstream(
      answerWhen((text) => bodyOf(text).length === large.length),
    )
    await using client = createTestClient()
    const log = await startExchange(client, upstream.target, { method: 'POST', body: large }).done
    expect(log.body).toBe('ok')
    expect(bodyOf(upstream.received[0]!) === large.toString('latin1')).toBe(true)
    expect(client.stats()).toMatchObject({ idle: 1 })
  })

  it.each([
    ['with its length', large.length],
    ['chunked', null],
  ])('goes out from a stream, %s', async (_, length) => {
    const whole = (text: string) =>
      length === null ? text.endsWith('\r\n0\r\n\r\n') : bodyOf(text).length === length
    await using upstream = await startRawUpstream(answerWhen(whole))
    await using client = createTestClient()
    const pieces = Array.from({ length: 30 }, (_, i) =>
      large.subarray(i * 100_000, (i + 1) * 100_000),
    )
    const body = { stream: Readable.from(pieces), length }
    const log = await startExchange(client, upstream.target, { method: 'POST', body }).done
    expect(log.body).toBe('ok')
    const received = bodyOf(upstream.received[0]!)
    expect((length === null ? unchunked(received) : received) === large.toString('latin1')).toBe(
      true,
    )
    expect(client.stats()).toMatchObject({ idle: 1 })
  })

  it('is read no faster than the upstream takes it', async () => {
    await using upstream = await startRawUpstream((socket) => void socket.pause())
    await using client = createTestClient()
    let produced = 0
    const source = new Readable({
      read() {
        produced += 65_536
        this.push(Buffer.alloc(65_536))
      },
    })
    const body = { stream: source, length: null }
    const log = startExchange(client, upstream.target, { method: 'POST', body })
    await vi.waitFor(() => expect(source.isPaused()).toBe(true))
    const before = produced
    await new Promise((resolve) => setImmediate(resolve))
    expect(produced - before).toBeLessThan(200_000)
    expect(produced).toBeLessThan(16_000_000)
    log.exchange?.abort()
    expect(source.listenerCount('data')).toBe(0)
  })

  it('that the upstream stops taking is a header timeout', async () => {
    await using upstream = await startRawUpstream((socket) => void socket.pause())
    await using client = createTestClient({ headerTimeoutMs: 80 })
    const body = Buffer.alloc(32_000_000)
    const log = await startExchange(client, upstream.target, { method: 'POST', body }).done
    expect(log.error).toMatchObject({ code: 'header_timeout', sent: true, headSeen: false })
  })

  it('that its sender is slow with is not', async () => {
    await using upstream = await startRawUpstream(
      answerWhen((text) => text.endsWith('late\r\n0\r\n\r\n')),
    )
    await using client = createTestClient({ headerTimeoutMs: 50 })
    const stream = new PassThrough()
    const log = startExchange(client, upstream.target, {
      method: 'POST',
      body: { stream, length: null },
    })
    setTimeout(() => stream.end('late'), 200)
    expect((await log.done).body).toBe('ok')
  })

  it.each([
    ['fails', 9, (stream: PassThrough) => void stream.destroy(new Error('gone'))],
    ['is closed early', 9, (stream: PassThrough) => void stream.destroy()],
    ['is shorter than announced', 9, (stream: PassThrough) => void stream.end('abc')],
    ['is longer than announced', 2, (stream: PassThrough) => void stream.write('abc')],
  ])('that %s fails the exchange and closes the connection', async (_, length, act) => {
    await using upstream = await startRawUpstream(() => {})
    await using client = createTestClient()
    const stream = new PassThrough()
    const log = startExchange(client, upstream.target, { method: 'POST', body: { stream, length } })
    await vi.waitFor(() => expect(upstream.received[0]).toContain('\r\n\r\n'))
    act(stream)
    expect((await log.done).error).toMatchObject({ code: 'body_source', sent: true })
    expect(client.stats().connections).toBe(0)
  })

  it('that was destroyed before its turn fails the exchange', async () => {
    await using upstream = await startRawUpstream(() => {})
    await using client = createTestClient()
    const stream = new PassThrough()
    stream.destroy()
    const log = startExchange(client, upstream.target, {
      method: 'POST',
      body: { stream, length: 3 },
    })
    expect((await log.done).error).toMatchObject({ code: 'body_source' })
  })

  it('is not sent on after an early response, and the connection is not used again', async () => {
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.endsWith('begin\r\n')) socket.write('HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno')
    })
    await using client = createTestClient()
    const stream = new PassThrough()
    stream.write('begin')
    const log = startExchange(client, upstream.target, {
      method: 'POST',
      body: { stream, length: null },
    })
    expect(await log.done).toMatchObject({ ends: ['end'], status: 413, body: 'no' })
    expect(client.stats().connections).toBe(0)
    expect(stream.listenerCount('data')).toBe(0)
    expect(stream.isPaused()).toBe(true)
  })
})

describe('a response body', () => {
  it('of any size arrives unchanged, through pauses', async () => {
    const body = Buffer.alloc(20_000_000)
    for (let index = 0; index < body.length; index += 97) body[index] = index
    await using upstream = await startRawUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    await using client = createTestClient()
    const log = new ExchangeLog()
    const hash = createHash('sha256')
    const { onData } = log
    log.keepBody = false
    log.onData = function (this: ExchangeLog, chunk: Buffer) {
      hash.update(chunk)
      onData.call(this, chunk)
      if (this.bytes % 7 !== 0) return
      this.exchange?.pause()
      setImmediate(() => this.exchange?.resume())
    }
    await startExchange(client, upstream.target, { log }).done
    expect(log).toMatchObject({ ends: ['end'], bytes: body.length })
    expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'))
    expect(client.stats()).toMatchObject({ idle: 1 })
  })

  it('may leave its connection paused: that is read again for the next exchange', async () => {
    await using upstream = await startRawUpstream((socket) => void socket.write(okResponse))
    await using client = createTestClient()
    const paused = new ExchangeLog()
    paused.onChunk = () => paused.exchange?.pause()
    await startExchange(client, upstream.target, { log: paused }).done
    expect((await startExchange(client, upstream.target).done).body).toBe('ok')
    expect(upstream.sockets).toHaveLength(1)
  })

  it('that is not wanted yet runs into no timeout, even if it was paused before it began', async () => {
    await using upstream = await startRawUpstream((socket) => void socket.write(okResponse))
    await using client = createTestClient({ headerTimeoutMs: 50 })
    const log = startExchange(client, upstream.target)
    log.exchange?.pause()
    await vi.waitFor(() => expect(upstream.received[0]).toContain('GET'))
    const start = performance.now()
    await vi.waitFor(() => expect(performance.now() - start).toBeGreaterThan(150))
    expect(log.ends).toEqual([])
    log.exchange?.resume()
    expect((await log.done).body).toBe('ok')
  })

  it('waits at the upstream while the reader is slow, without a timeout', async () => {
    const pieces = 400
    let written = 0
    await using upstream = await startRawUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${pieces * 100_000}\r\n\r\n`)
      const pump = () => {
        while (written < pieces && !socket.writableNeedDrain) {
          written++
          socket.write(Buffer.alloc(100_000))
        }
      }
      socket.on('drain', pump)
      pump()
    })
    await using client = createTestClient({ idleTimeoutMs: 60 })
    const log = new ExchangeLog()
    log.keepBody = false
    log.onChunk = () => log.exchange?.pause()
    startExchange(client, upstream.target, { log })
    await vi.waitFor(() => expect(log.bytes).toBeGreaterThan(0))
    const pausedAt = performance.now()
    await vi.waitFor(() => expect(performance.now() - pausedAt).toBeGreaterThan(200))
    expect(log.bytes).toBeLessThan(200_000)
    expect(written).toBeLessThan(200)
    expect(log.ends).toEqual([])
    log.onChunk = () => {}
    log.exchange?.resume()
    expect(await log.done).toMatchObject({ ends: ['end'], bytes: pieces * 100_000 })
  })
})
