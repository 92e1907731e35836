import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createHttpSink, type HttpSink } from '#lib/http-sink.ts'
import { toMessage, toResyncEvent } from './resource-event.ts'
import { isHopeless } from './sink.ts'

const servers: Server[] = []
const sinks: HttpSink[] = []

afterEach(async () => {
  await Promise.all(sinks.splice(0).map((sink) => sink.close()))
  for (const server of servers.splice(0)) server.close()
})

const start = async (listener: RequestListener, options: { timeoutMs?: number } = {}) => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const sink = createHttpSink({ url, namespace: 'penstock-system', ...options })
  sinks.push(sink)
  return sink
}

const event = toResyncEvent('https://10.96.0.1:443')

test('an event is posted in binary mode, with the namespace of the source', async () => {
  const received = Promise.withResolvers<unknown>()
  const sink = await start(async (request, response) => {
    const { method, headers } = request
    received.resolve({ method, headers, body: await new Response(request as never).text() })
    response.writeHead(202).end()
  })
  await sink.send(toMessage(event))
  expect(await received.promise).toMatchObject({
    method: 'POST',
    headers: {
      'ce-type': 'dev.penstock.resync',
      'content-type': 'application/json',
      'kn-namespace': 'penstock-system',
    },
    body: '{}',
  })
})

test.each([
  [400, true],
  [401, true],
  [403, true],
  [422, true],
  [302, false],
  [404, false],
  [408, false],
  [409, false],
  [413, false],
  [425, false],
  [429, false],
  [500, false],
  [503, false],
])('status %i rejects, hopeless: %s', async (status, expected) => {
  const sink = await start((_request, response) => response.writeHead(status).end('no'))
  const error = await sink.send(toMessage(event)).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ status })
  expect(isHopeless(error)).toBe(expected)
})

test('a sink that does not answer in time rejects, with hope', async () => {
  const sink = await start(() => {}, { timeoutMs: 10 })
  const error = await sink.send(toMessage(event)).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  expect(isHopeless(error)).toBe(false)
})
