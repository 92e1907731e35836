import { afterEach, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'

const AGE = expect.stringMatching(/^\d+s$/)

const MAPS = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, labels },
})

let api: TestServer
afterEach(() => api.close())

const seen = (event: Awaited<ReturnType<Awaited<ReturnType<TestServer['watch']>>['next']>>) => [
  event?.type,
  event?.object.metadata.name,
]

describe('a watch', () => {
  it('begins with what exists, then tells each write', async () => {
    api = await startTestServer()
    await api.send('POST', MAPS, configMap('a'))
    const watch = await api.watch(`${MAPS}?watch=1`)
    expect(seen(await watch.next())).toEqual(['ADDED', 'a'])
    await api.send('POST', MAPS, configMap('b'))
    await api.send('PATCH', `${MAPS}/b`, { data: { x: '1' } })
    await api.send('DELETE', `${MAPS}/b`)
    expect(seen(await watch.next())).toEqual(['ADDED', 'b'])
    expect(seen(await watch.next())).toEqual(['MODIFIED', 'b'])
    expect(seen(await watch.next())).toEqual(['DELETED', 'b'])
  })

  it('refuses a version that is still to come', async () => {
    api = await startTestServer()
    const watch = await api.watch(`${MAPS}?watch=1&resourceVersion=999999`)
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { code: 504 } })
  })

  it('goes on from a version, and fails with 410 when that is forgotten', async () => {
    api = await startTestServer({ eventWindow: 5 })
    const list = await api.send('GET', MAPS)
    const from = list.body.metadata.resourceVersion
    await api.send('POST', MAPS, configMap('a'))
    const watch = await api.watch(`${MAPS}?watch=1&resourceVersion=${from}`)
    expect(seen(await watch.next())).toEqual(['ADDED', 'a'])
    for (let index = 0; index < 12; index += 1)
      await api.send('PATCH', `${MAPS}/a`, { data: { x: `${index}` } })
    const late = await api.watch(`${MAPS}?watch=1&resourceVersion=${from}`)
    const event = await late.next()
    expect(event).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })
    expect(await late.next()).toBeUndefined()
  })

  it('tells a selector what begins and what stops to match', async () => {
    api = await startTestServer()
    const watch = await api.watch(`${MAPS}?watch=1&labelSelector=on`)
    await api.send('POST', MAPS, configMap('a'))
    await api.send('PATCH', `${MAPS}/a`, { metadata: { labels: { on: '' } } })
    await api.send('PATCH', `${MAPS}/a`, { metadata: { labels: { on: null } } })
    await api.send('DELETE', `${MAPS}/a`)
    await api.send('POST', MAPS, configMap('b', { on: '' }))
    expect(seen(await watch.next())).toEqual(['ADDED', 'a'])
    expect(seen(await watch.next())).toEqual(['DELETED', 'a'])
    expect(seen(await watch.next())).toEqual(['ADDED', 'b'])
  })

  it('marks the end of the initial events with a bookmark, and ends in time', async () => {
    api = await startTestServer()
    await api.send('POST', MAPS, configMap('a'))
    const query = 'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&timeoutSeconds=1'
    const watch = await api.watch(`${MAPS}?${query}&resourceVersionMatch=NotOlderThan`)
    expect(seen(await watch.next())).toEqual(['ADDED', 'a'])
    const bookmark = await watch.next()
    expect(bookmark?.type).toBe('BOOKMARK')
    expect(bookmark?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' })
    expect(await watch.next()).toBeUndefined()
  })

  it('shows tables, with the columns in the first event', async () => {
    api = await startTestServer()
    await api.send('POST', MAPS, configMap('a'))
    await api.send('POST', MAPS, configMap('b'))
    const watch = await api.watch(`${MAPS}?watch=1`, 'application/json;as=Table;g=meta.k8s.io;v=v1')
    const [first, second] = [await watch.next(), await watch.next()]
    expect(first?.object).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 0, AGE] }] })
    expect(first?.object.columnDefinitions).toHaveLength(3)
    expect(second?.object.columnDefinitions).toEqual([])
  })
})
