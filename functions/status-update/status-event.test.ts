import { expect, test } from 'vitest'
import type { Condition } from '#config/kinds/common.ts'
import { toStatusEvent } from './status-event.ts'

const object = (name = 'cart') => ({
  apiVersion: 'penstock.dev/v1alpha1',
  kind: 'APIRoute',
  metadata: { namespace: 'shop', name, uid: 'u', resourceVersion: '7', generation: 4 },
})
const condition = (type: string, status: Condition['status'], reason: string, message = '') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-01-01T00:00:00Z',
})
const NOW = new Date('2026-01-02T03:04:05.678Z')
const eventOf = (conditions: Condition[], name?: string) =>
  toStatusEvent(object(name), conditions, NOW)

test.each([
  [
    [condition('Accepted', 'True', 'Accepted'), condition('Programmed', 'True', 'Programmed')],
    'Normal',
    'Programmed',
    'generation 4 is live',
  ],
  [
    [
      condition('Accepted', 'False', 'UnsupportedValue', 'spec.a: b'),
      condition('Programmed', 'False', 'Invalid', 'c'),
    ],
    'Warning',
    'UnsupportedValue',
    'spec.a: b',
  ],
  [
    [
      condition('ResolvedRefs', 'False', 'BackendNotFound', 'no a'),
      condition('Programmed', 'True', 'Programmed'),
    ],
    'Warning',
    'BackendNotFound',
    'no a',
  ],
  [
    [
      condition('Accepted', 'True', 'Accepted'),
      condition('Programmed', 'False', 'Pending', 'not yet'),
    ],
    'Normal',
    'Pending',
    'not yet',
  ],
])('it tells what is wrong, or else that it is live', (conditions, type, reason, message) => {
  expect(eventOf(conditions)).toMatchObject({
    type,
    reason,
    message,
    involvedObject: { kind: 'APIRoute', namespace: 'shop', name: 'cart', uid: 'u' },
    firstTimestamp: '2026-01-02T03:04:05Z',
  })
})

test('without conditions there is nothing to tell', () => {
  expect(eventOf([])).toBeUndefined()
})

test.each<[string, Condition, Condition, boolean]>([
  ['live', condition('Programmed', 'True', 'P'), condition('Programmed', 'True', 'P'), false],
  [
    'live after Pending',
    condition('Programmed', 'False', 'Pending'),
    condition('Programmed', 'True', 'P'),
    true,
  ],
  [
    'wrong in another way',
    condition('Accepted', 'False', 'R', 'a'),
    condition('Accepted', 'False', 'R', 'b'),
    true,
  ],
  [
    'wrong as before',
    condition('Accepted', 'False', 'R', 'a'),
    condition('Accepted', 'False', 'R', 'a'),
    false,
  ],
])('what was told before is not told again: %s', (_, before, after, told) => {
  const event = toStatusEvent({ ...object(), status: { conditions: [before] } }, [after], NOW)
  expect(event !== undefined).toBe(told)
})

test.each([`${'a'.repeat(229)}.b`, `${'a'.repeat(228)}--b`, 'a'.repeat(253)])(
  'its name and message stay within the limits of the API for %s',
  (name) => {
    const event = eventOf([condition('Accepted', 'False', 'R', 'm'.repeat(5000))], name)
    expect(event?.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]+)+$/)
    expect(event?.metadata.name.length).toBeLessThanOrEqual(253)
    expect(event).toHaveProperty('message', 'm'.repeat(1024))
  },
)
