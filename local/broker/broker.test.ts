import { Registry } from '@prometheus-io/client'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { encodeEvent } from '#lib/cloud-event.ts'
import { type Broker, createBroker } from './broker.ts'
import type { Answer, Deliver } from './subscription.ts'
import { parseTrigger } from './trigger.ts'

const open: Broker[] = []
afterEach(() => Promise.all(open.splice(0).map((broker) => broker.close())))

const toTrigger = (name: string, spec: object = {}) =>
  parseTrigger({
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: { name },
    spec: {
      broker: 'default',
      subscriber: { ref: { name } },
      delivery: { retry: 3, backoffDelay: 'PT0.001S' },
      ...spec,
    },
  })

const start = (
  deliver: Deliver,
  options: { triggers?: ReturnType<typeof toTrigger>[]; concurrency?: number } = {},
) => {
  const dead: Record<string, unknown>[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => dead.push(JSON.parse(line)) })
  const registry = new Registry()
  const triggers = options.triggers ?? [toTrigger('one')]
  const broker = createBroker({ ...options, triggers, deliver, log, registry })
  open.push(broker)
  return { broker, dead, registry }
}

const toMessage = (type: string, id = '1') => encodeEvent({ id, type, source: '/test', data: {} })

/** Answers from a list, then with 204. */
const answering = (...answers: (Answer | Error)[]) => {
  const seen: string[] = []
  const deliver: Deliver = async (subscriber, { headers }) => {
    seen.push(`${subscriber} ${headers['ce-type']}`)
    const answer = answers.shift() ?? { status: 204 }
    if (answer instanceof Error) throw answer
    return answer
  }
  return { deliver, seen }
}

test('an event goes to each Trigger that lets it through', async () => {
  const { deliver, seen } = answering()
  const { broker } = start(deliver, {
    triggers: [
      toTrigger('all'),
      toTrigger('greetings', { filter: { attributes: { type: 'hello' } } }),
      toTrigger('others', { filters: [{ not: { exact: { type: 'hello' } } }] }),
    ],
  })
  await broker.publish(toMessage('hello'))
  await broker.idle()
  expect(seen.sort()).toEqual(['all hello', 'greetings hello'])
})

test('a structured event arrives in binary mode, with its arrival time', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const { broker } = start(async (_subscriber, message) => {
    resolve(message)
    return { status: 204 }
  })
  await broker.publish({
    headers: {
      'content-type': 'application/cloudevents+json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    body: JSON.stringify({
      specversion: '1.0',
      id: '1',
      type: 'hello',
      source: '/test',
      kind: 'Greeting',
      datacontenttype: 'application/json',
      data: { a: 1 },
    }),
  })
  expect(await promise).toMatchObject({
    headers: {
      'ce-id': '1',
      'ce-type': 'hello',
      'ce-kind': 'Greeting',
      'ce-knativearrivaltime': expect.stringMatching(/^\d{4}-/),
      'content-type': 'application/json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    body: '{"a":1}',
  })
})

test.each<[string, Answer | Error]>([
  ['no answer', new Error('refused')],
  ['500', { status: 500 }],
  ['503', { status: 503 }],
  ['404', { status: 404 }],
  ['408', { status: 408 }],
  ['409', { status: 409 }],
  ['429', { status: 429 }],
  ['200 with a body that is no event', { status: 200, message: { headers: {}, body: '{}' } }],
  [
    '200 with a broken event',
    { status: 200, message: { headers: { 'ce-specversion': '1.0' }, body: '' } },
  ],
])('%s is tried again', async (_name, answer) => {
  const { deliver, seen } = answering(answer)
  const { broker, dead } = start(deliver)
  await broker.publish(toMessage('hello'))
  await broker.idle()
  expect(seen).toHaveLength(2)
  expect(dead).toEqual([])
})

test.each([400, 401, 403, 410, 413, 422, 302])('%i is not tried again', async (status) => {
  const { deliver, seen } = answering({ status })
  const { broker, dead } = start(deliver)
  await broker.publish(toMessage('hello'))
  await broker.idle()
  expect(seen).toHaveLength(1)
  expect(dead).toMatchObject([{ msg: 'dead letter', trigger: 'one', type: 'hello', status }])
})

test.each<[string, Answer]>([
  ['an empty 200', { status: 200, message: { headers: {}, body: '' } }],
  ['202', { status: 202 }],
])('%s is a delivery without a reply', async (_name, answer) => {
  const { deliver, seen } = answering(answer)
  const { broker, dead } = start(deliver)
  await broker.publish(toMessage('hello'))
  await broker.idle()
  expect(seen).toHaveLength(1)
  expect(dead).toEqual([])
})

test('what fails to the end is logged as a dead letter, and counted', async () => {
  const { broker, dead, registry } = start(async () => ({ status: 500 }))
  await broker.publish(toMessage('hello', 'a'))
  await broker.idle()
  expect(dead).toMatchObject([{ msg: 'dead letter', id: 'a', status: 500, attempts: 4 }])
  const metrics = await registry.metrics()
  expect(metrics).toContain('penstock_broker_deliveries_total{trigger="one",result="dead"} 1')
  expect(metrics).toContain('penstock_broker_deliveries_total{trigger="one",result="retried"} 3')
  expect(metrics).toContain('penstock_broker_pending{trigger="one"} 0')
})

test('a delivery that takes longer than its timeout is tried again', async () => {
  const { deliver, seen } = answering()
  const first = new Promise<Answer>(() => {})
  let calls = 0
  const { broker } = start((...args) => (calls++ === 0 ? first : deliver(...args)), {
    triggers: [toTrigger('one', { delivery: { retry: 1, timeout: 'PT0.01S' } })],
  })
  await broker.publish(toMessage('hello'))
  await broker.idle()
  expect(seen).toEqual(['one hello'])
})

test('a reply is published again', async () => {
  const { deliver, seen } = answering({ status: 200, message: toMessage('reply') })
  const { broker } = start(deliver, {
    triggers: [
      toTrigger('one', { filter: { attributes: { type: 'hello' } } }),
      toTrigger('two', { filter: { attributes: { type: 'reply' } } }),
    ],
  })
  await broker.publish(toMessage('hello'))
  await broker.idle()
  expect(seen).toEqual(['one hello', 'two reply'])
})

test('a loop of replies ends after 255 hops', async () => {
  let deliveries = 0
  const { broker, dead } = start(async (_subscriber, message) => {
    deliveries += 1
    return deliveries > 1000 ? { status: 204 } : { status: 200, message }
  })
  await broker.publish(toMessage('again'))
  await broker.idle()
  expect(deliveries).toBe(255)
  expect(dead).toMatchObject([{ type: 'again', msg: expect.stringContaining('reply dropped') }])
})

test('deliveries of one Trigger are bounded, and those of another are not held up', async () => {
  const gate = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  let others = 0
  const { broker } = start(
    async (subscriber) => {
      if (subscriber === 'other') {
        others += 1
        return { status: 204 }
      }
      running += 1
      most = Math.max(most, running)
      await gate.promise
      running -= 1
      return { status: 204 }
    },
    { triggers: [toTrigger('one'), toTrigger('other')], concurrency: 4 },
  )
  for (let id = 0; id < 20; id++) await broker.publish(toMessage('hello', `${id}`))
  await vi.waitFor(() => expect(others).toBe(20))
  gate.resolve()
  await broker.idle()
  expect(most).toBe(4)
})

test('what waits for a retry does not hold a place, nor a closed broker open', async () => {
  const { promise: delivered, resolve } = Promise.withResolvers<void>()
  const { broker } = start(
    async (_subscriber, { headers }) => {
      if (headers['ce-id'] === 'good') resolve()
      return { status: headers['ce-id'] === 'good' ? 204 : 500 }
    },
    {
      triggers: [toTrigger('one', { delivery: { retry: 1, backoffDelay: 'PT1H' } })],
      concurrency: 1,
    },
  )
  await broker.publish(toMessage('hello', 'bad'))
  await broker.publish(toMessage('hello', 'good'))
  await delivered
  await broker.close()
  await broker.idle()
  await expect(broker.publish(toMessage('hello'))).rejects.toThrow('closed')
})

test('an event is accepted before it is delivered', async () => {
  const { broker } = start(() => new Promise(() => {}))
  await expect(broker.publish(toMessage('hello'))).resolves.toBeUndefined()
  open.length = 0
})

test.each([
  ['without attributes', { headers: {}, body: '{}' }],
  [
    'without a type',
    { headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/' }, body: '' },
  ],
])('a message %s is refused', async (_name, message) => {
  const { broker } = start(async () => ({ status: 204 }))
  await expect(broker.publish(message)).rejects.toThrow('not a CloudEvent')
})
