import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { KubeObject } from '../json.ts'
import type { WatchEvent } from './event-log.ts'
import { Store } from './store.ts'

const folder = mkdtempSync(join(tmpdir(), 'api-server-store-'))
afterAll(() => rmSync(folder, { recursive: true }))

const place = (name: string) => ({ resource: 'configmaps', key: `default/${name}` })
const configMap = (name: string, value = ''): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { value },
})

describe('the store', () => {
  it('gives each write the next version, and tells listeners at once', () => {
    const store = new Store(':memory:', 10)
    const events: WatchEvent[] = []
    store.listen((event) => events.push(event))
    store.put(place('a'), configMap('a'))
    store.put(place('a'), configMap('a', 'new'))
    store.remove(place('a'), configMap('a', 'new'))
    expect(events.map(({ type, stored }) => [type, stored.resourceVersion])).toEqual([
      ['ADDED', 1],
      ['MODIFIED', 2],
      ['DELETED', 3],
    ])
    expect(events[1]?.previous?.object.data).toEqual({ value: '' })
    store.close()
  })

  it('lists by key, from a key on, within a namespace', () => {
    const store = new Store(':memory:', 10)
    for (const name of ['c', 'a', 'b']) store.put(place(name), configMap(name))
    store.put({ resource: 'configmaps', key: 'other/a' }, configMap('a'))
    const collection = store.collection('configmaps')
    expect([...collection.keys('default/')]).toEqual(['default/a', 'default/b', 'default/c'])
    expect([...collection.keys('default/', 'default/b')]).toEqual(['default/b', 'default/c'])
    expect([...collection.keys()]).toHaveLength(4)
    store.close()
  })

  it('comes back after a restart with its objects, its events and growing versions', () => {
    const file = join(folder, 'restart.db')
    const first = new Store(file, 10)
    first.put(place('a'), configMap('a'))
    first.put(place('b'), configMap('b'))
    first.remove(place('b'), configMap('b'))
    first.close()
    const second = new Store(file, 10)
    expect(second.get(place('a'))?.object.metadata.name).toBe('a')
    expect(second.get(place('b'))).toBeUndefined()
    expect(second.log.since(1)?.map(({ type, name }) => [type, name])).toEqual([
      ['ADDED', 'b'],
      ['DELETED', 'b'],
    ])
    expect(second.put(place('c'), configMap('c')).resourceVersion).toBe(4)
    second.close()
  })

  it('forgets events that are large long before there are many', () => {
    const store = new Store(':memory:', 10_000)
    const large = 'x'.repeat(1 << 20)
    for (let round = 0; round < 100; round += 1) store.put(place('a'), configMap('a', large))
    expect(store.log.since(0)).toBeUndefined()
    expect(store.log.since(store.resourceVersion - 10)).toHaveLength(10)
    expect(store.log.since(store.log.compacted)?.length).toBeLessThanOrEqual(64)
    store.close()
  })

  it('forgets events beyond the window, in memory and on disk, and says so', () => {
    const file = join(folder, 'window.db')
    const store = new Store(file, 5)
    for (let index = 0; index < 30; index += 1) store.put(place('a'), configMap('a', `${index}`))
    expect(store.log.since(10)).toBeUndefined()
    expect(store.log.since(28)).toHaveLength(2)
    store.close()
    const again = new Store(file, 5)
    expect(again.log.since(10)).toBeUndefined()
    expect(again.log.since(25)).toHaveLength(5)
    again.close()
  })
})
