import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { createKubeClient, type KubeClient } from './client.ts'
import { type Reflector, startReflector } from './reflector.ts'
import { configMaps, type KubeObject } from './types.ts'

// Each test scripts what an API server answers, request by request; the rest of the time it waits.

type Answer = (response: ServerResponse, request: IncomingMessage) => void

const servers: Server[] = []
const clients: KubeClient[] = []
const reflectors: Reflector[] = []

afterEach(async () => {
  await Promise.all(reflectors.splice(0).map((reflector) => reflector.stop()))
  await Promise.all(clients.splice(0).map((client) => client.close()))
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

const thing = (name: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'ns', name, uid: name, resourceVersion },
})

const list =
  (resourceVersion: string, ...items: KubeObject[]): Answer =>
  (response) =>
    response.end(JSON.stringify({ items, metadata: { resourceVersion } }))

const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`

/** Writes watch lines and ends, or stays open. */
const watch =
  (lines: string[], then: 'end' | 'open' | 'break' = 'open'): Answer =>
  (response) => {
    response.flushHeaders()
    for (const text of lines) response.write(text)
    if (then === 'end') response.end()
    if (then === 'break') response.write('{"type":"ADD', () => response.destroy())
  }

const status = (code: number, reason: string) => ({ kind: 'Status', code, reason, message: reason })

const refuse =
  (code: number, reason: string): Answer =>
  (response) =>
    response.writeHead(code).end(JSON.stringify(status(code, reason)))

const start = async (...answers: Answer[]) => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://localhost')
    const from = searchParams.get('resourceVersion')
    requests.push(searchParams.has('watch') ? `watch ${from}` : 'list')
    answers.shift()?.(response, request)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const client = createKubeClient({
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
  clients.push(client)

  const seen: string[] = []
  const errors: unknown[] = []
  const reflector = startReflector({
    client,
    type: configMaps,
    keep: ({ metadata: { name, resourceVersion } }) => ({ name, version: resourceVersion }),
    onReplace: (kept) => seen.push(`all ${kept.map(({ name }) => name)}`),
    onChange: ({ name, version }) => seen.push(`${name} ${version}`),
    onDelete: ({ metadata }) => seen.push(`-${metadata.name}`),
    onError: (error) => errors.push(error),
  })
  reflectors.push(reflector)
  const until = (expected: string[]) =>
    vi.waitFor(() => expect(requests).toEqual(expected), { timeout: 5000, interval: 5 })
  return { reflector, requests, seen, errors, until }
}

test('what exists is handed over, then each change', async () => {
  const { reflector, seen, errors, until } = await start(
    list('5', thing('a', '3'), thing('b', '5')),
    watch([
      line('ADDED', thing('c', '6')),
      line('MODIFIED', thing('a', '7')),
      line('DELETED', thing('b', '8')),
    ]),
  )
  await reflector.synced
  expect(seen).toEqual(['all a,b'])
  await until(['list', 'watch 5'])
  await vi.waitFor(() => expect(seen).toEqual(['all a,b', 'c 6', 'a 7', '-b']))
  expect(errors).toEqual([])
})

test('a watch that ends goes on after the last change, without a list', async () => {
  const { seen, errors, until } = await start(
    list('5'),
    watch([line('ADDED', thing('a', '6'))], 'end'),
    watch([line('MODIFIED', thing('a', '7'))], 'end'),
    watch([]),
  )
  await until(['list', 'watch 5', 'watch 6', 'watch 7'])
  expect(seen).toEqual(['all ', 'a 6', 'a 7'])
  expect(errors).toEqual([])
})

test('a deletion and a bookmark move the version on', async () => {
  const { until } = await start(
    list('5', thing('a', '4')),
    watch([line('DELETED', thing('a', '6'))], 'end'),
    watch([line('BOOKMARK', { metadata: { resourceVersion: '99' } })], 'end'),
    watch([]),
  )
  await until(['list', 'watch 5', 'watch 6', 'watch 99'])
})

test('a connection that breaks is reported and goes on after the last whole line', async () => {
  const { seen, errors, until } = await start(
    list('5'),
    watch([line('ADDED', thing('a', '6'))], 'break'),
    watch([line('ADDED', thing('b', '7'))]),
  )
  await until(['list', 'watch 5', 'watch 6'])
  await vi.waitFor(() => expect(seen).toEqual(['all ', 'a 6', 'b 7']))
  expect(errors).toMatchObject([{ reason: 'Unreachable' }])
})

test.each<[string, Answer]>([
  ['as a line of the watch', watch([line('ERROR', status(410, 'Expired'))])],
  ['as an answer to the watch', refuse(410, 'Expired')],
  ['under its old name', watch([line('ERROR', status(410, 'Gone'))])],
])('an expired version, %s, leads to a new list and is no error', async (_name, expired) => {
  const { seen, errors, until } = await start(
    list('5', thing('a', '4')),
    expired,
    list('9', thing('b', '9')),
    watch([]),
  )
  await until(['list', 'watch 5', 'list', 'watch 9'])
  expect(seen).toEqual(['all a', 'all b'])
  expect(errors).toEqual([])
})

test('a list that fails is tried again', async () => {
  const { reflector, seen, errors, until } = await start(
    refuse(503, 'ServiceUnavailable'),
    refuse(404, 'NotFound'),
    list('5'),
    watch([]),
  )
  await reflector.synced
  await until(['list', 'list', 'list', 'watch 5'])
  expect(seen).toEqual(['all '])
  expect(errors).toMatchObject([{ status: 503 }, { status: 404 }])
})

test('a watch that is refused again and again leads to a new list', async () => {
  const tooLarge = refuse(504, 'Timeout')
  const { errors, until } = await start(
    list('5'),
    tooLarge,
    tooLarge,
    tooLarge,
    list('2'),
    watch([]),
  )
  await until(['list', 'watch 5', 'watch 5', 'watch 5', 'list', 'watch 2'])
  expect(errors).toHaveLength(3)
})

test('a server that cannot be reached for long costs no list', async () => {
  const gone: Answer = (response) => response.destroy()
  const { until } = await start(list('5'), gone, gone, gone, gone, watch([]))
  await until(['list', 'watch 5', 'watch 5', 'watch 5', 'watch 5', 'watch 5'])
})

test('stopping ends a watch, and nothing is handed over or reported after it', async () => {
  const { reflector, seen, errors, until } = await start(list('5'), watch([]))
  await until(['list', 'watch 5'])
  await reflector.stop()
  expect(seen).toEqual(['all '])
  expect(errors).toEqual([])
})

test('stopping does not wait for a list without an answer', async () => {
  const { reflector, seen, errors, until } = await start(() => {})
  await until(['list'])
  await reflector.stop()
  await reflector.synced
  await Promise.all(clients.splice(0).map((client) => client.close()))
  expect(seen).toEqual([])
  expect(errors).toEqual([])
})
