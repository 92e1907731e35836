import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { toTestKey } from '#test/fixtures/limit-stores.ts'
import { TEST_REDIS } from '#test/fixtures/redis.ts'
import type { LimitStore } from './limit-store.ts'
import { toWindow } from './limit-window.ts'
import { connectRedis } from './redis-client.ts'
import { createRedisStore } from './redis-store.ts'

const reserve = (store: LimitStore) => {
  const now = Date.now()
  const window = toWindow('Day', now)
  return store.reserve([{ key: toTestKey('a'), window, max: 1, amount: 1 }], now)
}

test('without a server every command fails at once', async () => {
  const onError = vi.fn<(error: unknown) => void>()
  // No one listens on port 1.
  const connection = connectRedis('redis://127.0.0.1:1', onError)
  onTestFinished(() => connection.close())
  await expect(reserve(createRedisStore(connection))).rejects.toThrow()
  await vi.waitFor(() => expect(onError).toHaveBeenCalled())
})

/** A way to the server that can be cut. */
const openWay = async (target: URL) => {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 6379), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(upstream).pipe(client)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = new URL(target)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    restore: () => listen(port),
    cut: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

describe.skipIf(TEST_REDIS === undefined)('with a server', () => {
  test('that goes and comes back, commands fail, and work again', async () => {
    const way = await openWay(new URL(TEST_REDIS ?? ''))
    const connection = connectRedis(way.url, () => {})
    onTestFinished(async () => {
      connection.close()
      await way.cut()
    })
    const store = createRedisStore(connection)
    await vi.waitFor(() => reserve(store))
    await way.cut()
    await vi.waitFor(() => expect(reserve(store)).rejects.toThrow())
    await way.restore()
    await vi.waitFor(() => reserve(store), { timeout: 5000 })
  })
})
