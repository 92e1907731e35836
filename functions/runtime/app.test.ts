import { Registry } from '@prometheus-io/client'
import { expect, test } from 'vitest'
import { decodeEvent, type Event, encodeEvent } from '#lib/cloud-event.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { createFunctionApp, type Handle } from './app.ts'
import { InvalidEvent } from './invalid-event.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const event: Event = { id: '1', type: 'dev.example.asked', source: '/tests', data: { a: 1 } }
const reply: Event = { ...event, id: '2', type: 'dev.example.answered', traceparent: TRACE }

const start = (handle: Handle, isReady = () => true) => {
  const heard: Event[] = []
  const app = createFunctionApp({
    handle: (given) => {
      heard.push(given)
      return handle(given)
    },
    isReady,
    log: createLog('test', 'silent'),
    registry: new Registry(),
  })
  const post = async (message: {
    headers: Record<string, string>
    body?: string | Buffer<ArrayBuffer>
  }) => app.request('http://function/', { method: 'POST', ...message })
  return { app, post, heard }
}

test('an event without reply is answered with 204', async () => {
  const { post, heard } = start(async () => undefined)
  const response = await post(encodeEvent(event))
  expect(response.status).toBe(204)
  expect(await response.text()).toBe('')
  expect(heard[0]).toMatchObject(event)
})

test('a reply is one event in binary mode', async () => {
  const { post } = start(async () => reply)
  const response = await post(encodeEvent(event))
  expect(response.status).toBe(200)
  const headers = Object.fromEntries(response.headers)
  expect(decodeEvent({ headers, body: await response.text() })).toMatchObject(reply)
})

test('an event in structured mode is heard alike', async () => {
  const { post, heard } = start(async () => undefined)
  const response = await post({
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({ specversion: '1.0', ...event }),
  })
  expect(response.status).toBe(204)
  expect(heard[0]).toMatchObject(event)
})

test('what is no event is answered with 400, and not handled', async () => {
  const { post, heard } = start(async () => undefined)
  expect((await post({ headers: {}, body: 'hello' })).status).toBe(400)
  expect(heard).toEqual([])
})

test('what no retry can mend is answered with 400, and says nothing of it', async () => {
  const { post } = start(() => Promise.reject(new InvalidEvent('the secret is 42')))
  const response = await post(encodeEvent(event))
  expect(response.status).toBe(400)
  expect(await response.text()).toBe('')
})

test('a failure is answered with 503, to be sent again', async () => {
  const { post } = start(() => Promise.reject(new Error('not now')))
  expect((await post(encodeEvent(event))).status).toBe(503)
})

const tooLarge = () => Buffer.alloc((4 << 20) + 1, 'x')

test('a body that is too large is refused for good, by its length', async () => {
  const { post, heard } = start(async () => undefined)
  const { headers } = encodeEvent(event)
  const length = String(tooLarge().length)
  const response = await post({
    headers: { ...headers, 'content-length': length },
    body: tooLarge(),
  })
  expect(response.status).toBe(413)
  expect(heard).toEqual([])
})

test('a body that is too large is refused for good, as it comes', async () => {
  const { post, heard } = start(async () => undefined)
  const response = await post({ headers: encodeEvent(event).headers, body: tooLarge() })
  expect(response.status).toBe(413)
  expect(heard).toEqual([])
})

test('it lives at once, and is ready when it says so', async () => {
  let ready = false
  const { app } = start(
    async () => undefined,
    () => ready,
  )
  expect((await app.request('/health/liveness')).status).toBe(204)
  expect((await app.request('/health/readiness')).status).toBe(503)
  ready = true
  expect((await app.request('/health/readiness')).status).toBe(204)
})

test('metrics are in the format of Prometheus', async () => {
  const { app } = start(async () => undefined)
  const response = await app.request('/metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^(text\/plain|application\/openmetrics)/)
})

test('nothing else is there', async () => {
  const { app } = start(async () => undefined)
  expect((await app.request('/')).status).toBe(404)
  expect((await app.request('/config')).status).toBe(404)
})
