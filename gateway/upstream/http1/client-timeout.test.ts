import { describe, expect, it } from 'vitest'
import { createTestClient, startExchange } from './fixtures/exchange-log.ts'
import { startRawUpstream } from './fixtures/raw-upstream.ts'

const elapsedSince = (start: number) => performance.now() - start

describe('timeouts', () => {
  it('ends an exchange whose head does not come', async () => {
    await using upstream = await startRawUpstream(() => {})
    await using client = createTestClient({ headerTimeoutMs: 150 })
    const start = performance.now()
    const log = await startExchange(client, upstream.target).done
    expect(log.error).toMatchObject({ code: 'header_timeout', sent: true, headSeen: false })
    expect(elapsedSince(start)).toBeGreaterThan(100)
    expect(client.stats().connections).toBe(0)
  })

  it('counts the head timeout on through interim responses and drips', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 103 Hint\r\n\r\nHTTP/1.1 200 OK\r\nX: ')
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    await using client = createTestClient({ headerTimeoutMs: 100 })
    const log = await startExchange(client, upstream.target).done
    expect(log.error?.code).toBe('header_timeout')
  })

  it('ends an exchange whose body stalls, and takes the request’s own limits', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart')
    })
    await using client = createTestClient()
    const timeouts = { idleTimeoutMs: 80 }
    const log = await startExchange(client, upstream.target, { timeouts }).done
    expect(log.error).toMatchObject({ code: 'idle_timeout', headSeen: true })
    expect(log.body).toBe('part')
  })

  it('lets a body go on for as long as bytes come', async () => {
    await using upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      let left = 12
      const drip = setInterval(() => {
        socket.write('x')
        if (--left === 0) socket.end()
      }, 25)
      socket.on('close', () => clearInterval(drip))
    })
    await using client = createTestClient({ idleTimeoutMs: 120 })
    const log = await startExchange(client, upstream.target).done
    expect(log).toMatchObject({ ends: ['end'], bytes: 12 })
  })

  it('ends an exchange whose connection is not made in time', async () => {
    const never = () => {}
    const unreached: string[] = []
    await using client = createTestClient({
      connectTimeoutMs: 80,
      lookup: never,
      onUnreached: (_target, { code }) => unreached.push(code),
    })
    const target = { protocol: 'http', host: 'upstream.test', port: 80 } as const
    const log = await startExchange(client, target).done
    expect(log.error).toMatchObject({ code: 'connect_timeout', sent: false })
    expect(unreached).toEqual(['connect_timeout'])
  })

  it('ends an exchange whose TLS handshake stalls', async () => {
    await using upstream = await startRawUpstream(() => {})
    await using client = createTestClient({ connectTimeoutMs: 80 })
    const log = await startExchange(client, { ...upstream.target, protocol: 'https' }).done
    expect(log.error).toMatchObject({ code: 'connect_timeout', sent: false })
  })
})
