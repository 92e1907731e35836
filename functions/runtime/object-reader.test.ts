import { expect, test } from 'vitest'
import type { KubeClient } from '#lib/kube/client.ts'
import { KubeError } from '#lib/kube/error.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { createObjectReader } from './object-reader.ts'

const TYPE = { group: 'penstock.dev', version: 'v1alpha1', kind: 'APIRoute', plural: 'apiroutes' }
const KEY = { kind: 'APIRoute', namespace: 'shop', name: 'cart' }
const SEEN = { uid: 'u', generation: 3, resourceVersion: '70' }
const object = (uid: string, generation: number): KubeObject => ({
  apiVersion: 'penstock.dev/v1alpha1',
  kind: 'APIRoute',
  metadata: { namespace: 'shop', name: 'cart', uid, generation },
})
const TRUTH = object('u', 9)

/** An API server whose cache answers so, and which knows better. */
const read = async (cached: KubeObject | undefined | Error, seen: typeof SEEN | undefined) => {
  const asked: (string | undefined)[] = []
  const get = async (_type: unknown, _ref: unknown, notOlderThan?: string) => {
    asked.push(notOlderThan)
    if (notOlderThan === undefined) return TRUTH
    if (cached instanceof Error) throw cached
    return cached
  }
  const found = await createObjectReader({ get } as unknown as KubeClient, TYPE)(KEY, seen)
  return { asked, found }
}

test.each([3, 4])('of an object that was seen, generation %i from the cache will do', async (n) => {
  expect(await read(object('u', n), SEEN)).toEqual({ asked: ['70'], found: object('u', n) })
})

test.each([
  ['an older generation', object('u', 2)],
  ['another object of that name', object('v', 3)],
  ['none', undefined],
  ['a failure', new KubeError('Too large resource version', { status: 504, reason: 'Timeout' })],
])('when the cache has %s, the object is read for certain', async (_, cached) => {
  expect(await read(cached, SEEN)).toEqual({ asked: ['70', undefined], found: TRUTH })
})

test('what was not seen is read for certain', async () => {
  expect(await read(object('u', 3), undefined)).toEqual({ asked: [undefined], found: TRUTH })
})
