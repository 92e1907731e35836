import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEvent, type EventMessage, encodeEvent } from './cloud-event.ts'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const binary = (headers: Record<string, string> = {}, body = '{"a":1}'): EventMessage => ({
  headers: {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-type': 'dev.example.edited',
    'ce-source': '/tests',
    ...headers,
  },
  body,
})

const structured = (attributes: object, contentType = 'application/cloudevents+json') => ({
  headers: { 'content-type': contentType },
  body: JSON.stringify({
    specversion: '1.0',
    id: '1',
    type: 'dev.example.edited',
    source: '/tests',
    ...attributes,
  }),
})

const event = { id: '1', type: 'dev.example.edited', source: '/tests' }

test('what is encoded is decoded again, whatever the texts are', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).map((s) => s.toWellFormed())
  fc.assert(
    fc.property(
      fc.record({
        id: text,
        type: text,
        source: text,
        subject: text,
        time: fc.constant('2026-01-02T03:04:05.678Z'),
        traceparent: fc.constant(TRACE),
        data: fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value))),
        extensions: fc.record({ kind: text, name: text }),
      }),
      (original) => {
        const message = encodeEvent(original)
        expect(Object.values(message.headers).join('')).toMatch(/^[ -~]*$/)
        expect(decodeEvent(message)).toEqual(original)
      },
    ),
    { numRuns: 50 },
  )
})

test('an event is sent with the time of its sending', () => {
  const { headers } = encodeEvent(event)
  expect(Math.abs(Date.parse(headers['ce-time'] ?? '') - Date.now())).toBeLessThan(5000)
})

test('an event that does not say when it was sent has no time', () => {
  expect(decodeEvent(binary())).toEqual({ ...event, data: { a: 1 }, extensions: {} })
  expect(decodeEvent(binary({ 'ce-time': 'yesterday' }))).not.toHaveProperty('time')
})

test('fractions of a second are kept as they came', () => {
  const time = '2026-01-02T03:04:05.123456789Z'
  expect(decodeEvent(binary({ 'ce-time': time }))).toMatchObject({ time })
})

test.each([
  'application/json',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
  'application/vnd.example+json',
])('a body of type %s is parsed', (type) => {
  expect(decodeEvent(binary({ 'content-type': type })).data).toEqual({ a: 1 })
})

test('a body of another type is text, and an empty one is no data', () => {
  expect(decodeEvent(binary({ 'content-type': 'text/plain' })).data).toBe('{"a":1}')
  expect(decodeEvent(binary({}, ''))).not.toHaveProperty('data')
})

test('structured mode says the same as binary mode', () => {
  const message = structured(
    { kind: 'APIRoute', count: 3, data: { a: 1 } },
    'application/cloudevents+json; charset=UTF-8',
  )
  expect(decodeEvent(message)).toEqual({
    ...event,
    data: { a: 1 },
    extensions: { kind: 'APIRoute', count: '3' },
  })
})

test('base64 data of structured mode is decoded', () => {
  const encoded = Buffer.from('{"a":"é"}').toString('base64')
  expect(decodeEvent(structured({ data_base64: encoded })).data).toEqual({ a: 'é' })
  const plain = { data_base64: encoded, datacontenttype: 'text/plain' }
  expect(decodeEvent(structured(plain)).data).toBe('{"a":"é"}')
})

test('the trace context of the header is newer than that of the event', () => {
  const older = TRACE.replace('b7', 'c8')
  const both = binary({ 'ce-traceparent': older, traceparent: TRACE })
  expect(decodeEvent(both).traceparent).toBe(TRACE)
  expect(decodeEvent(binary({ 'ce-traceparent': older })).traceparent).toBe(older)
})

test('a malformed trace context is dropped', () => {
  expect(decodeEvent(binary({ traceparent: 'x'.repeat(9000) }))).not.toHaveProperty('traceparent')
})

test.each<[string, EventMessage]>([
  ['no event at all', { headers: {}, body: '' }],
  ['an empty type', binary({ 'ce-type': '' })],
  ['a later version', binary({ 'ce-specversion': '2.0' })],
  ['half a JSON body', binary({}, '{"a":')],
  ['a structured event without id', structured({ id: undefined })],
  ['a structured event with a number as id', structured({ id: 7 })],
  ['a structured event that is null', { ...structured({}), body: 'null' }],
  ['a batch', structured({}, 'application/cloudevents-batch+json')],
])('%s is refused', (_, message) => {
  expect(() => decodeEvent(message)).toThrow()
})
