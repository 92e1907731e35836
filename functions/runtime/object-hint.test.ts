import { expect, test } from 'vitest'
import type { Event } from '#lib/cloud-event.ts'
import { InvalidEvent } from './invalid-event.ts'
import { isResync, toObjectHint } from './object-hint.ts'

const named = { kind: 'APIRoute', namespace: 'shop', name: 'cart' }
const event = (change: Partial<Event> = {}): Event => ({
  id: '1',
  type: 'dev.knative.apiserver.resource.update',
  source: '/apiserver',
  extensions: { ...named, apiversion: 'penstock.dev/v1alpha1' },
  data: {
    metadata: { name: 'other', uid: 'u', generation: 3, resourceVersion: '7', labels: {} },
    spec: {},
  },
  ...change,
})

test('an event names an object by its attributes, and tells the version it saw', () => {
  expect(toObjectHint(event())).toEqual({
    ...named,
    seen: { uid: 'u', generation: 3, resourceVersion: '7' },
  })
})

test.each([
  ['a deletion', event({ type: 'dev.knative.apiserver.resource.delete' })],
  ['no data', event({ data: undefined })],
  ['data of another shape', event({ data: 'text' })],
  [
    'an object without generation',
    event({ data: { metadata: { uid: 'u', resourceVersion: '7' } } }),
  ],
])('%s tells no version, so that the object is read', (_, given) => {
  expect(toObjectHint(given)).toEqual(named)
})

test.each([
  ['another type', event({ type: 'dev.knative.apiserver.ref.update' })],
  ['no name', event({ extensions: { kind: 'APIRoute', namespace: 'shop' } })],
  ['an empty namespace', event({ extensions: { ...named, namespace: '' } })],
  ['a name that is no Kubernetes name', event({ extensions: { ...named, name: 'a'.repeat(254) } })],
  ['a name that leads elsewhere', event({ extensions: { ...named, name: '../../secrets/a' } })],
])('an event with %s is invalid', (_, given) => {
  expect(() => toObjectHint(given)).toThrow(InvalidEvent)
})

test.each([
  ['dev.penstock.resync', true],
  ['dev.knative.sources.ping', true],
  ['dev.knative.apiserver.resource.update', false],
])('%s asks for a resync: %s', (type, expected) => {
  expect(isResync(event({ type }))).toBe(expected)
})
