import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { startBackend, startNodeBackend } from '#test/fixtures/backend.ts'
import { startTestGateway } from '#test/fixtures/gateway.ts'

const get = async (port: number) => {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/`)
  return { status: statusCode, body: await body.text() }
}

describe('a change of a route', () => {
  it('is served from the next request on; the one under way keeps the old form', async () => {
    const arrived = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    await using before = await startNodeBackend((_incoming, res) => {
      arrived.resolve()
      void released.promise.then(() => res.end('before'))
    })
    await using after = await startBackend((_request, res) => void res.end('after'))
    const edits = { set: [['x-form', 'old']] as [string, string][], add: [], remove: [] }
    await using gateway = await startTestGateway({
      routes: [{ to: before.port, responseHeaders: edits }],
    })
    const first = request(`http://127.0.0.1:${gateway.port}/`)
    await arrived.promise
    gateway.serve({ to: after.port, generation: 2 })
    expect(await get(gateway.port)).toEqual({ status: 200, body: 'after' })
    gateway.config.remove({ kind: 'APIRoute', namespace: 'default', name: 'route' })
    expect(await get(gateway.port)).toMatchObject({ status: 404 })
    released.resolve()
    const { statusCode, headers, body } = await first
    expect([statusCode, headers['x-form'], await body.text()]).toEqual([200, 'old', 'before'])
  })

  it('fails no request under load, and none goes back to an older form', async () => {
    await using backend = await startBackend((seen, res) => void res.end(seen.headers['x-form']))
    await using gateway = await startTestGateway()
    const serve = (generation: number) => {
      const set = [['x-form', String(generation)]] as [string, string][]
      const requestHeaders = { set, add: [], remove: [] }
      gateway.serve({ to: backend.port, generation, requestHeaders })
    }
    let generation = 1
    serve(generation)
    let isOver = false
    const load = async () => {
      let count = 0
      for (; !isOver; count += 1) {
        const atStart = generation
        const { status, body } = await get(gateway.port)
        expect(status).toBe(200)
        expect(Number(body)).toBeGreaterThanOrEqual(atStart)
      }
      return count
    }
    const loads = Array.from({ length: 16 }, load)
    for (; generation < 1000; ) {
      serve(generation + 1)
      generation += 1
      if (generation % 4 === 0) await new Promise(setImmediate)
    }
    isOver = true
    const counts = await Promise.all(loads)
    expect(Math.min(...counts)).toBeGreaterThan(1)
  })
})
