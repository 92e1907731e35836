import { Registry } from '@prometheus-io/client'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Event } from '#lib/cloud-event.ts'
import { SinkError } from '#lib/http-sink.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { createSourceMetrics } from '#sources/cr-source/metrics.ts'
import { findType } from '#sources/cr-source/resource-types.ts'
import { type CrSource, startCrSource } from '#sources/cr-source/source.ts'
import { apiRoutes, type EditedApiServer, startEditedApiServer } from './edited-api-server.ts'

let server: EditedApiServer
const sources: CrSource[] = []
const clients: KubeClient[] = []

beforeEach(async () => {
  server = await startEditedApiServer()
})

afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.stop()))
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await server.close()
})

/** A source behind the proxy, and what it says, as `verb name` or `resync`. */
const startSource = (options: { accept?: () => boolean; namespaces?: string[] } = {}) => {
  const { accept = () => true, namespaces = [] } = options
  const events: Event[] = []
  const client = server.connectByProxy()
  clients.push(client)
  const source = startCrSource({
    client,
    types: [apiRoutes],
    namespaces,
    source: server.url,
    sink: async (_message, event) => {
      if (!accept()) throw new SinkError(503)
      events.push(event)
    },
    log: pino({ level: 'silent' }),
    metrics: createSourceMetrics(new Registry()),
  })
  sources.push(source)
  const said = () =>
    events.map(({ type, extensions }) =>
      [type.split('.').at(-1), extensions?.name].filter(Boolean).join(' '),
    )
  const hears = (...expected: string[]) =>
    vi.waitFor(() => expect(said()).toEqual(expected), { timeout: 5000, interval: 5 })
  return { source, events, said, hears }
}

test('what exists is sent as added, then one resync, then each edit', async () => {
  await server.editor.create('a')
  const { source, events, said, hears } = startSource()
  await source.synced
  expect(said()).toEqual(['add a', 'resync'])
  await server.editor.create('b')
  await hears('add a', 'resync', 'add b')
  const { metadata } = await server.editor.label('b', '1')
  await hears('add a', 'resync', 'add b', 'update b')
  await server.editor.remove('a')
  await hears('add a', 'resync', 'add b', 'update b', 'delete a')
  expect(events[3]).toMatchObject({
    id: `${metadata.uid}.${metadata.resourceVersion}.update`,
    subject: '/apis/penstock.dev/v1alpha1/namespaces/default/apiroutes/b',
    data: { metadata, spec: expect.any(Object) },
  })
})

test('a restarted source sends what exists again, under the same ids', async () => {
  await server.editor.create('a')
  await server.editor.create('b')
  const first = startSource()
  await first.source.synced
  await first.source.stop()
  const second = startSource()
  await second.source.synced
  const ids = ({ events }: typeof first) => events.slice(0, 2).map(({ id }) => id)
  expect(ids(second).sort()).toEqual(ids(first).sort())
  expect(second.said().at(-1)).toBe('resync')
})

test('an interrupted connection loses and repeats nothing', async () => {
  const { source, hears } = startSource()
  await source.synced
  server.proxy.cut()
  await server.editor.create('a')
  await server.editor.create('b')
  server.proxy.mend()
  await hears('resync', 'add a', 'add b')
})

test('a restarted API server loses and repeats nothing', async () => {
  await server.editor.create('a')
  const { source, hears } = startSource()
  await source.synced
  await server.restart()
  await server.editor.create('b')
  await server.editor.label('a', '1')
  await hears('add a', 'resync', 'add b', 'update a')
})

test('after a gap, exactly what changed is sent, then a resync', async () => {
  for (const name of ['same', 'changed', 'deleted', 'recreated']) await server.editor.create(name)
  const { source, events, said } = startSource()
  await source.synced
  events.length = 0
  server.proxy.cut()
  await server.editor.label('changed', '1')
  const { metadata: deleted } = await server.editor.label('deleted', '1')
  await server.editor.remove('deleted')
  await server.editor.remove('recreated')
  await server.editor.create('recreated')
  await server.editor.create('new')
  await server.editor.compact()
  server.proxy.mend()
  await vi.waitFor(() => expect(said()).toContain('resync'), { timeout: 5000 })
  expect(said().at(-1)).toBe('resync')
  expect(said().sort()).toEqual([
    'add new',
    'add recreated',
    'delete deleted',
    'delete recreated',
    'resync',
    'update changed',
  ])
  const gone = events.find(({ extensions }) => extensions?.name === 'deleted')
  expect(gone?.data).toMatchObject({
    kind: 'APIRoute',
    metadata: { name: 'deleted', uid: deleted.uid },
  })
  await server.editor.label('same', '1')
  await vi.waitFor(() => expect(said().at(-1)).toBe('update same'))
  expect(events).toHaveLength(7)
})

test('while the sink is down, only the newest states are kept, and then delivered', async () => {
  let up = true
  const { source, events, said } = startSource({ accept: () => up })
  await server.editor.create('a')
  await server.editor.create('b')
  await source.synced
  up = false
  for (const value of ['1', '2', '3']) await server.editor.label('a', value)
  await server.editor.remove('b')
  await server.editor.create('b')
  await server.editor.create('c')
  events.length = 0
  up = true
  await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(4), { timeout: 5000 })
  expect(said().sort()).toEqual(['add b', 'add c', 'delete b', 'update a'])
  expect(said().indexOf('delete b')).toBeLessThan(said().indexOf('add b'))
  const ofA = events.find(({ extensions }) => extensions?.name === 'a')
  expect(ofA?.data).toMatchObject({ metadata: { labels: { value: '3' } } })
})

test('only the given namespaces are watched', async () => {
  await server.editor.create('a')
  const { source, said } = startSource({ namespaces: ['kube-system'] })
  await source.synced
  expect(said()).toEqual(['resync'])
})

test('whatever fails, the last event about each object tells its last state', async () => {
  let up = true
  const { source, events } = startSource({ accept: () => up })
  await source.synced
  const names = Array.from({ length: 6 }, (_, index) => `route-${index}`)
  const existing = new Set<string>()
  for (let step = 0; step < 150; step++) {
    const name = names[Math.floor(Math.random() * names.length)] ?? ''
    if (!existing.has(name)) {
      await server.editor.create(name)
      existing.add(name)
    } else if (Math.random() < 0.3) {
      await server.editor.remove(name)
      existing.delete(name)
    } else await server.editor.label(name, `${step}`)
    if (step % 10 === 0) up = !up
    if (step % 15 === 0) server.proxy.cut()
    if (step % 15 === 9) server.proxy.mend()
  }
  up = true
  server.proxy.mend()
  const { items } = await server.editor.client.list(apiRoutes)
  const truth = Object.fromEntries(items.map((item) => [item.metadata.name, item]))
  await vi.waitFor(
    () => {
      const told: Record<string, unknown> = {}
      for (const { type, extensions, data } of events) {
        const name = extensions?.name
        if (name) told[name] = data
        if (name && type.endsWith('.delete')) delete told[name]
      }
      expect(told).toEqual(truth)
    },
    { timeout: 10_000 },
  )
})

test('a resource is found by its path, and a wrong one refused', async () => {
  const { client } = server.editor
  await expect(findType(client, 'penstock.dev/v1alpha1/apiroutes')).resolves.toEqual(apiRoutes)
  await expect(findType(client, 'v1/configmaps')).resolves.toMatchObject({ kind: 'ConfigMap' })
  await expect(findType(client, 'penstock.dev/v1alpha1/none')).rejects.toThrow('does not serve')
})
