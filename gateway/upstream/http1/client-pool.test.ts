import { once } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { createTestClient, startExchange } from './fixtures/exchange-log.ts'
import { answerWith, okResponse, startRawUpstream } from './fixtures/raw-upstream.ts'

/** Answers the first request of each connection, then does as told. */
const answerThen = (then: (socket: Socket) => void) => (socket: Socket, text: string) => {
  if (text.split('\r\n\r\n').length === 2) socket.write(okResponse)
  else then(socket)
}

describe('the pool', () => {
  it('uses a connection again, the last one freed first', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient()
    await Promise.all([1, 2].map(() => startExchange(client, upstream.target).done))
    for (const _ of [1, 2, 3]) await startExchange(client, { ...upstream.target }).done
    expect(upstream.sockets).toHaveLength(2)
    const used = upstream.received.map((text) => text.split('GET').length - 1).sort()
    expect(used).toEqual([1, 4])
    expect(client.stats()).toMatchObject({ targets: 1, connections: 2, idle: 2, opened: 2 })
  })

  it.each([
    ['Connection: close', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    [
      'Keep-Alive: timeout=0',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\nok',
    ],
  ])('does not use a connection again after %s', async (_, response) => {
    await using upstream = await startRawUpstream(answerWith(response))
    await using client = createTestClient()
    expect((await startExchange(client, upstream.target).done).body).toBe('ok')
    expect(client.stats().connections).toBe(0)
  })

  it('closes an idle connection before the upstream said it would', async () => {
    const response = 'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok'
    await using upstream = await startRawUpstream(answerWith(response))
    await using client = createTestClient()
    await startExchange(client, upstream.target).done
    const freedAt = performance.now()
    await once(upstream.sockets[0]!, 'close')
    expect(performance.now() - freedAt).toBeLessThan(900)
  })

  it('discards an idle connection on which unasked bytes arrive', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient()
    await startExchange(client, upstream.target).done
    upstream.sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison')
    await once(upstream.sockets[0]!, 'close')
    expect(client.stats().connections).toBe(0)
    expect((await startExchange(client, upstream.target).done).body).toBe('ok')
  })

  it('discards an idle connection that the upstream closes', async () => {
    await using upstream = await startRawUpstream(answerWith(okResponse))
    await using client = createTestClient()
    await startExchange(client, upstream.target).done
    upstream.sockets[0]?.end()
    await vi.waitFor(() => expect(client.stats().connections).toBe(0))
  })

  it.each([
    ['GET', null],
    ['PUT', 'body'],
  ])('sends a %s again when a reused connection closed without an answer', async (method, body) => {
    await using upstream = await startRawUpstream((socket, text, connection) => {
      if (connection === 1) answerWith(okResponse)(socket, text, connection)
      else answerThen((stale) => stale.resetAndDestroy())(socket, text)
    })
    await using client = createTestClient()
    await startExchange(client, upstream.target).done
    const log = await startExchange(client, upstream.target, { method, body }).done
    expect(log).toMatchObject({ ends: ['end'], body: 'ok' })
    expect(client.stats()).toMatchObject({ resent: 1, opened: 2 })
  })

  it('sends it again once only', async () => {
    await using upstream = await startRawUpstream((socket, text, connection) => {
      if (connection === 0) answerThen((stale) => stale.destroy())(socket, text)
      else socket.destroy()
    })
    await using client = createTestClient()
    await startExchange(client, upstream.target).done
    const log = await startExchange(client, upstream.target).done
    expect(log.error).toMatchObject({ code: 'reset', sent: true, reusedConnection: false })
    expect(upstream.sockets).toHaveLength(2)
  })

  it.each([
    ['a POST', { method: 'POST', body: 'x' }, ''],
    ['a request that was partly answered', { method: 'GET' }, 'HTTP/1.1 2'],
  ])(
    'does not send %s again, and says that it may have been processed',
    async (_, request, answer) => {
      await using upstream = await startRawUpstream(answerThen((socket) => void socket.end(answer)))
      await using client = createTestClient()
      await startExchange(client, upstream.target).done
      const log = await startExchange(client, upstream.target, request).done
      expect(log.error).toMatchObject({ code: 'reset', sent: true, reusedConnection: true })
      expect(upstream.sockets).toHaveLength(1)
    },
  )

  it('queues beyond the connections, refuses beyond the queue, and serves the queue in order', async () => {
    const held: Socket[] = []
    await using upstream = await startRawUpstream((socket) => void held.push(socket))
    await using client = createTestClient({ maxConnectionsPerTarget: 1, maxPendingPerTarget: 2 })
    const logs = ['/1', '/2', '/3', '/4'].map((path) =>
      startExchange(client, upstream.target, { path }),
    )
    const [first, second, third, fourth] = logs
    expect((await fourth?.done)?.error).toMatchObject({ code: 'pool_full', sent: false })
    expect(client.stats()).toMatchObject({ connections: 1, pending: 2 })
    for (const log of [first, second, third]) {
      await vi.waitFor(() => expect(held).toHaveLength(1))
      held.pop()?.write(okResponse)
      expect((await log?.done)?.body).toBe('ok')
    }
    expect(
      [...(upstream.received[0] ?? '').matchAll(/GET (\S+)/g)].map((match) => match[1]),
    ).toEqual(['/1', '/2', '/3'])
  })

  it('gives up waiting for a connection after the connect timeout', async () => {
    await using upstream = await startRawUpstream(() => {})
    await using client = createTestClient({ maxConnectionsPerTarget: 1, connectTimeoutMs: 60 })
    const first = startExchange(client, upstream.target)
    const second = await startExchange(client, upstream.target).done
    expect(second.error).toMatchObject({ code: 'pool_full', sent: false })
    first.exchange?.abort()
  })

  it('serves who waits on a fresh connection when the busy one dies', async () => {
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.includes('/die')) socket.destroy()
      else socket.write(okResponse)
    })
    await using client = createTestClient({ maxConnectionsPerTarget: 1 })
    const dying = startExchange(client, upstream.target, { path: '/die' })
    const waiting = startExchange(client, upstream.target)
    expect((await dying.done).error?.code).toBe('reset')
    expect((await waiting.done).body).toBe('ok')
  })

  it('aborts a waiting, a connecting and a running exchange without another word', async () => {
    await using upstream = await startRawUpstream(
      (socket) => void socket.write('HTTP/1.1 200 OK\r\n\r\npart'),
    )
    await using client = createTestClient({ maxConnectionsPerTarget: 1 })
    const running = startExchange(client, upstream.target)
    await running.headed
    const waiting = startExchange(client, upstream.target)
    waiting.exchange?.abort()
    running.exchange?.abort()
    const connecting = startExchange(client, upstream.target)
    connecting.exchange?.abort()
    await once(upstream.sockets[0]!, 'close')
    expect(client.stats()).toMatchObject({ connections: 0, pending: 0, targets: 0 })
    expect([running, waiting, connecting].flatMap((log) => log.ends)).toEqual([])
  })

  it('drains on close: what runs ends, what comes is refused', async () => {
    const held: Socket[] = []
    await using upstream = await startRawUpstream((socket) => void held.push(socket))
    await using client = createTestClient({ maxConnectionsPerTarget: 1 })
    const logs = [startExchange(client, upstream.target), startExchange(client, upstream.target)]
    await vi.waitFor(() => expect(held).toHaveLength(1))
    const closed = client.close()
    const late = await startExchange(client, upstream.target).done
    expect(late.error).toMatchObject({ code: 'connect_failed', sent: false })
    for (const log of logs) {
      await vi.waitFor(() => expect(held).toHaveLength(1))
      held.pop()?.write(okResponse)
      expect((await log.done).body).toBe('ok')
    }
    await closed
    expect(client.stats()).toMatchObject({ connections: 0, targets: 0, opened: 1 })
  })
})
