import { Counter, Registry } from '@prometheus-io/client'
import { describe, expect, it } from 'vitest'
import { createAdminApp } from './app.ts'

const served = (name: string) => ({
  kind: 'APIRoute',
  namespace: 'default',
  name,
  uid: name,
  generation: 1,
  hash: 'h',
  problems: [],
})

const start = (isReady = true) => {
  const asked: string[] = []
  const registry = new Registry()
  new Counter({ name: 'things_total', help: 'Things.', registers: [registry] }).inc(3)
  const app = createAdminApp({
    isReady: () => isReady,
    loaded: () => ({ replica: 'r', boot: 'b', sequence: 7, objects: [served('x'), served('y')] }),
    timelines: () => [],
    registry,
    async isAllowed(token, path) {
      asked.push(`${token} ${path}`)
      if (token === 'broken') throw new Error('API server down')
      return token === 'good'
    },
  })
  const get = (path: string, authorization?: string) =>
    app.request(path, { headers: authorization ? { authorization } : {} })
  return { asked, get }
}

describe('the admin listener', () => {
  it.each([
    ['/livez', true, 204],
    ['/livez', false, 204],
    ['/readyz', true, 204],
    ['/readyz', false, 503],
  ])('answers the probe %s without a token; ready: %s', async (path, isReady, status) => {
    const { get, asked } = start(isReady)
    expect((await get(path)).status).toBe(status)
    expect(asked).toEqual([])
  })

  it.each(['/metrics', '/config', '/timelines', '/none'])('asks who wants %s', async (path) => {
    const { get, asked } = start()
    expect((await get(path)).status).toBe(401)
    expect((await get(path, 'Basic good')).status).toBe(401)
    expect((await get(path, 'Bearer ')).status).toBe(401)
    expect((await get(path, 'Bearer bad')).status).toBe(403)
    expect((await get(path, 'Bearer broken')).status).toBe(503)
    expect((await get(path, 'bearer good')).status).toBe(path === '/none' ? 404 : 200)
    expect(asked).toEqual([`bad ${path}`, `broken ${path}`, `good ${path}`])
  })

  it('shows the metrics', async () => {
    const { get } = start()
    expect(await (await get('/metrics', 'Bearer good')).text()).toMatch(/^things_total 3$/m)
  })

  it('shows what is loaded, all of it or one object', async () => {
    const { get } = start()
    const all = await get('/config', 'Bearer good')
    expect(await all.json()).toMatchObject({ boot: 'b', sequence: 7, objects: { length: 2 } })
    const one = await get('/config?kind=APIRoute&namespace=default&name=y', 'Bearer good')
    expect(await one.json()).toMatchObject({ sequence: 7, objects: [served('y')] })
  })
})
