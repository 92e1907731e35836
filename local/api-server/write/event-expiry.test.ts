import { afterEach, expect, test } from 'vitest'
import { Store } from '../storage/store.ts'
import { expireEvents } from './event-expiry.ts'
import { Remover } from './remover.ts'

const NOW = Date.parse('2026-01-01T12:00:00Z')
const store = new Store(':memory:', 10)

afterEach(() => store.close())

const put = (resource: string, name: string, creationTimestamp: string) =>
  store.put(
    { resource, key: `default/${name}` },
    {
      apiVersion: 'v1',
      kind: 'Any',
      metadata: { namespace: 'default', name, uid: name, creationTimestamp },
    },
  )

test('Events of more than an hour ago go, and nothing else', () => {
  put('events', 'old', '2026-01-01T10:59:59Z')
  put('events', 'new', '2026-01-01T11:00:01Z')
  put('configmaps', 'older', '2020-01-01T00:00:00Z')
  expireEvents(store, new Remover(store), NOW)
  expect([...store.collection('events').keys()]).toEqual(['default/new'])
  expect([...store.collection('configmaps').keys()]).toEqual(['default/older'])
})
