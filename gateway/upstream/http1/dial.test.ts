import { once } from 'node:events'
import { type AddressInfo, createServer, type LookupFunction } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { canonicalAddress } from './dial.ts'
import { createTestClient, startExchange } from './fixtures/exchange-log.ts'
import { answerWith, okResponse, startRawUpstream, testCa } from './fixtures/raw-upstream.ts'

const resolvesTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )

describe('addresses', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0a00:1', '10.0.0.1'],
    ['0:0:0:0:0:ffff:a00:1', '10.0.0.1'],
    ['2001:db8::ffff:a00:1', '2001:db8::ffff:a00:1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('judges %s as %s', (address, canonical) => {
    expect(canonicalAddress(address)).toBe(canonical)
  })

  it('dials a denied literal never', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient({ isAddressAllowed: (ip) => ip !== '127.0.0.1' })
    for (const host of ['127.0.0.1', '::ffff:127.0.0.1', '[::ffff:7f00:1]']) {
      const log = await startExchange(client, { ...upstream.target, host }).done
      expect(log.error).toMatchObject({ code: 'address_denied', sent: false })
    }
    expect(upstream.sockets).toHaveLength(0)
  })

  it('dials a name that resolves to a denied address never, even by an old notation', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    const isAddressAllowed = (ip: string) => !ip.startsWith('127.')
    await using client = createTestClient({ isAddressAllowed, lookup: resolvesTo('127.0.0.1') })
    const log = await startExchange(client, { ...upstream.target, host: 'upstream.test' }).done
    expect(log.error).toMatchObject({ code: 'address_denied', sent: false })
    await using system = createTestClient({ isAddressAllowed })
    for (const host of ['2130706433', '0x7f.1']) {
      const old = await startExchange(system, { ...upstream.target, host }).done
      expect(old.error?.sent).toBe(false)
    }
    expect(upstream.sockets).toHaveLength(0)
  })

  it('dials the admitted ones among the addresses of a name', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    const isAddressAllowed = (ip: string) => ip === '127.0.0.1'
    const lookup = resolvesTo('127.0.0.2', '127.0.0.1')
    await using client = createTestClient({ isAddressAllowed, lookup })
    const log = await startExchange(client, { ...upstream.target, host: 'upstream.test' }).done
    expect(log.body).toBe('ok')
    expect(upstream.sockets[0]?.localAddress).toBe('127.0.0.1')
  })

  it('reports a refused connection', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const unreached: unknown[] = []
    await using client = createTestClient({
      onUnreached: (target, { code }) => unreached.push([target.port, code]),
    })
    const log = await startExchange(client, { protocol: 'http', host: '127.0.0.1', port }).done
    expect(log.error).toMatchObject({ code: 'connect_failed', sent: false })
    expect(unreached).toEqual([[port, 'connect_failed']])
  })

  it('reports a port that cannot be', async () => {
    await using client = createTestClient()
    const log = await startExchange(client, { protocol: 'http', host: '127.0.0.1', port: 70_000 })
      .done
    expect(log.error).toMatchObject({ code: 'connect_failed', sent: false })
  })

  it('dials an IPv6 literal, bracketed or not', async (context) => {
    const server = createServer((socket) => socket.end(okResponse))
    server.on('error', () => {})
    server.listen(0, '::1')
    onTestFinished(() => void server.close())
    await Promise.race([once(server, 'listening'), once(server, 'close')]).catch(() =>
      context.skip(),
    )
    const { port } = server.address() as AddressInfo
    await using client = createTestClient()
    for (const host of ['::1', '[::1]']) {
      expect((await startExchange(client, { protocol: 'http', host, port }).done).body).toBe('ok')
    }
  })
})

describe('TLS', () => {
  it('sends SNI, agrees on http/1.1, verifies the name, and resumes the session', async () => {
    await using upstream = await startRawUpstream(
      answerWith('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'),
      true,
    )
    await using client = createTestClient({ tls: { ca: testCa } })
    const target = { ...upstream.target, serverName: 'upstream.test' }
    for (const _ of [1, 2]) {
      expect((await startExchange(client, target).done).body).toBe('ok')
    }
    const [first, second] = upstream.sockets as TLSSocket[]
    expect(first).toMatchObject({ servername: 'upstream.test', alpnProtocol: 'http/1.1' })
    expect(second?.isSessionReused()).toBe(true)
  })

  it('verifies an IP address without SNI', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse), true)
    await using client = createTestClient({ tls: { ca: testCa } })
    expect((await startExchange(client, upstream.target).done).body).toBe('ok')
    expect((upstream.sockets[0] as TLSSocket).servername).toBe(false)
  })

  it.each([
    ['an unknown authority', {}, 'upstream.test'],
    ['another name', { tls: { ca: testCa } }, 'other.test'],
  ])('refuses a certificate of %s', async (_, options, serverName) => {
    await using upstream = await startRawUpstream(answerWith(okResponse), true)
    await using client = createTestClient(options)
    const log = await startExchange(client, { ...upstream.target, serverName }).done
    expect(log.error).toMatchObject({ code: 'tls_failed', sent: false })
    expect(upstream.received.join('')).toBe('')
  })

  it('accepts any certificate when told so', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse), true)
    await using client = createTestClient({ tls: { rejectUnauthorized: false } })
    const target = { ...upstream.target, serverName: 'other.test' }
    expect((await startExchange(client, target).done).body).toBe('ok')
  })

  it('refuses a server that does not speak TLS', async () => {
    await using upstream = await startRawUpstream((socket) => void socket.write(okResponse))
    await using client = createTestClient()
    const log = await startExchange(client, { ...upstream.target, protocol: 'https' }).done
    expect(log.error).toMatchObject({ code: 'tls_failed', sent: false })
  })

  it('carries large bodies both ways, with pauses', async () => {
    const size = 4_000_000
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.length < size) return
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
      socket.write(Buffer.alloc(size, 'z'))
    }, true)
    await using client = createTestClient({ tls: { ca: testCa } })
    const log = startExchange(client, upstream.target, {
      method: 'POST',
      body: Buffer.alloc(size, 'a'),
    })
    log.onChunk = () => {
      log.exchange?.pause()
      setImmediate(() => log.exchange?.resume())
    }
    await log.done
    expect(log.ends).toEqual(['end'])
    expect(log.body === 'z'.repeat(size)).toBe(true)
  })
})
