import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKubeClient, type KubeClient } from './client.ts'
import { isAlreadyExists, isConflict, isExpired, isNotFound, KubeError } from './error.ts'
import { configMaps, type ResourceType, type WatchEvent } from './types.ts'

interface Seen {
  method: string | undefined
  path: string
  query: Record<string, string>
  headers: IncomingMessage['headers']
  body: unknown
}
interface Answer {
  status?: number
  body: unknown
}

let server: Server
let client: KubeClient
let seen: Seen[]
let answers: Answer[]
let token: string

const read = async (request: IncomingMessage): Promise<Seen> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const url = new URL(request.url ?? '', 'http://server')
  const text = Buffer.concat(chunks).toString()
  return {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}

/** An API server that gives the next of `answers`. */
beforeEach(async () => {
  seen = []
  answers = []
  token = 'secret'
  server = createServer(async (request, response) => {
    seen.push(await read(request))
    const { status = 200, body } = answers.shift() ?? { body: {} }
    response.statusCode = status
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  client = createKubeClient({ server: `http://127.0.0.1:${port}`, token: () => token })
})

afterEach(async () => {
  await client.close()
  server.close()
})

const ref = { namespace: 'ns', name: 'a' }
const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: ref }
const routes: ResourceType = {
  group: 'penstock.dev',
  version: 'v1alpha1',
  kind: 'APIRoute',
  plural: 'apiroutes',
}
const failure = (code: number, reason: string) => ({
  status: code,
  body: { kind: 'Status', status: 'Failure', message: `because ${reason}`, reason, code },
})
const fail = () =>
  client.create(configMaps, configMap).then(
    () => undefined,
    (error: unknown) => error,
  )

test.each([
  [409, 'Conflict', isConflict, false],
  [409, 'AlreadyExists', isAlreadyExists, false],
  [404, 'NotFound', isNotFound, false],
  [410, 'Expired', isExpired, false],
  [410, 'Gone', isExpired, false],
  [429, 'TooManyRequests', () => true, true],
  [500, 'InternalError', () => true, true],
  [422, 'Invalid', () => true, false],
])('%i %s is an error of that reason', async (status, reason, is, retryable) => {
  answers = [failure(status, reason)]
  const error = await fail()
  expect(error).toMatchObject({ name: 'KubeError', status, reason, retryable })
  expect(error).toHaveProperty('message', `because ${reason}`)
  expect(is(error)).toBe(true)
})

test.each([
  ['a proxy in between', 503, '<html>', 'Unknown'],
  ['a wrong path', 404, '404 page not found', 'NotFound'],
  ['an answer that is not a Status', 500, 'null', 'Unknown'],
])('%s gives an error too', async (_, status, body, reason) => {
  answers = [{ status, body }]
  expect(await fail()).toMatchObject({ status, reason })
})

test('a success that is not JSON is no success', async () => {
  answers = [{ body: 'OK' }]
  await expect(client.get(configMaps, ref)).rejects.toMatchObject({ status: 0, retryable: true })
})

test('a server that is not there is unreachable, which may pass', async () => {
  const gone = createTcpServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  gone.close()
  await once(gone, 'close')
  const lost = createKubeClient({ server: `http://127.0.0.1:${port}` })
  const error = await lost.list(configMaps).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(KubeError)
  expect(error).toMatchObject({ status: 0, reason: 'Unreachable', retryable: true })
  await lost.close()
})

test('a read from the cache says how new it must be, any other nothing', async () => {
  await client.get(routes, ref, '70')
  await client.get(routes, ref)
  expect(seen.map(({ query }) => query)).toEqual([{ resourceVersion: '70' }, {}])
})

test('of a long list only what is to be kept stays', async () => {
  answers = [
    {
      body: { items: [configMap, configMap], metadata: { resourceVersion: '7', continue: 'more' } },
    },
    { body: { items: [configMap], metadata: { resourceVersion: '7' } } },
  ]
  const list = await client.list(configMaps, {}, ({ metadata }) => metadata.name)
  expect(list).toEqual({ items: ['a', 'a', 'a'], resourceVersion: '7' })
})

test('an object that is not there is undefined, and deleting it is done', async () => {
  answers = [failure(404, 'NotFound'), failure(404, 'NotFound')]
  expect(await client.get(configMaps, ref)).toBeUndefined()
  await client.delete(configMaps, ref)
})

test('a list is read page by page, with its selection', async () => {
  answers = [
    { body: { items: [1, 2], metadata: { resourceVersion: '7', continue: 'more' } } },
    { body: { items: [3], metadata: { resourceVersion: '7', continue: '' } } },
  ]
  const list = await client.list(configMaps, { namespace: 'ns', labelSelector: 'a=b' })
  expect(list).toEqual({ items: [1, 2, 3], resourceVersion: '7' })
  expect(seen.map(({ path }) => path)).toEqual(Array(2).fill('/api/v1/namespaces/ns/configmaps'))
  expect(seen[0]?.query).toEqual({ labelSelector: 'a=b', limit: '500' })
  expect(seen[1]?.query).toEqual({ labelSelector: 'a=b', limit: '500', continue: 'more' })
})

test('an empty list of metadata has null for items', async () => {
  answers = [{ body: { items: null, metadata: { resourceVersion: '9' } } }]
  expect(await client.list(routes, { metadataOnly: true })).toEqual({
    items: [],
    resourceVersion: '9',
  })
  expect(seen[0]?.headers.accept).toContain('as=PartialObjectMetadataList')
})

test('a page that has expired meanwhile fails the list', async () => {
  answers = [
    { body: { items: [1], metadata: { resourceVersion: '7', continue: 'more' } } },
    failure(410, 'Expired'),
  ]
  expect(isExpired(await client.list(configMaps).catch((error: unknown) => error))).toBe(true)
})

test('each kind of write goes where the API server expects it', async () => {
  const route = { apiVersion: 'penstock.dev/v1alpha1', kind: 'APIRoute', metadata: ref }
  await client.create(configMaps, configMap)
  await client.replace(configMaps, configMap)
  await client.apply(routes, route, { fieldManager: 'me', subresource: 'status' })
  await client.patch(routes, ref, { spec: null })
  await client.delete(routes, ref, '12')
  await client.call('POST', '/apis/x', { a: 1 })
  const calls = seen.map(({ method, path, headers, body, query }) => ({
    call: `${method} ${path}`,
    type: headers['content-type'],
    body,
    query,
  }))
  const path = '/apis/penstock.dev/v1alpha1/namespaces/ns/apiroutes/a'
  const json = 'application/json'
  expect(calls).toEqual([
    { call: 'POST /api/v1/namespaces/ns/configmaps', type: json, body: configMap, query: {} },
    { call: 'PUT /api/v1/namespaces/ns/configmaps/a', type: json, body: configMap, query: {} },
    {
      call: `PATCH ${path}/status`,
      type: 'application/apply-patch+yaml',
      body: route,
      query: { fieldManager: 'me', force: 'true' },
    },
    {
      call: `PATCH ${path}`,
      type: 'application/merge-patch+json',
      body: { spec: null },
      query: {},
    },
    {
      call: `DELETE ${path}`,
      type: json,
      body: { preconditions: { resourceVersion: '12' } },
      query: {},
    },
    { call: 'POST /apis/x', type: json, body: { a: 1 }, query: {} },
  ])
  expect(seen[0]?.headers.authorization).toBe('Bearer secret')
})

test('an authorisation that is refused is read anew for the next call', async () => {
  answers = [failure(401, 'Unauthorized'), { body: {} }]
  token = 'expired'
  await expect(client.get(configMaps, ref)).rejects.toMatchObject({ status: 401 })
  token = 'renewed'
  await client.get(configMaps, ref)
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer expired',
    'Bearer renewed',
  ])
})

const watchAll = async (lines: readonly object[]) => {
  answers = [{ body: lines.map((line) => `${JSON.stringify(line)}\n`).join('') }]
  const events: WatchEvent<typeof configMap>[] = []
  const { signal } = new AbortController()
  for await (const event of client.watch<typeof configMap>(configMaps, {
    resourceVersion: '5',
    signal,
  })) {
    events.push(event)
  }
  return events
}

test('a watch yields what changed, from the version given, until the server ends it', async () => {
  const events = [
    { type: 'ADDED', object: configMap },
    { type: 'BOOKMARK', object: { ...configMap, metadata: { resourceVersion: '6' } } },
  ]
  expect(await watchAll(events)).toEqual(events)
  expect(seen[0]?.query).toMatchObject({
    watch: 'true',
    resourceVersion: '5',
    allowWatchBookmarks: 'true',
  })
})

test('a version that is no longer kept ends a watch with Expired', async () => {
  const { body } = failure(410, 'Expired')
  const error = await watchAll([{ type: 'ERROR', object: body }]).catch((caught) => caught)
  expect(isExpired(error)).toBe(true)
  expect(error).toMatchObject({ status: 410, reason: 'Expired' })
})

test('a refused watch fails with its reason', async () => {
  answers = [failure(403, 'Forbidden')]
  const { signal } = new AbortController()
  const watch = client.watch(configMaps, { resourceVersion: '5', signal })
  await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ reason: 'Forbidden' })
})
