import { expect, test } from 'vitest'
import type { Change } from './change.ts'
import { toMessage, toResourceEvent } from './resource-event.ts'

const change = (namespace?: string): Change => ({
  verb: 'update',
  type: { group: 'penstock.dev', version: 'v1alpha1', kind: 'APIRoute', plural: 'apiroutes' },
  object: {
    apiVersion: 'penstock.dev/v1alpha1',
    kind: 'APIRoute',
    metadata: { name: 'shop', ...(namespace && { namespace }), uid: 'u', resourceVersion: '7' },
  },
})

test('a change is written as the ApiServerSource writes it', () => {
  const { headers, body } = toMessage(toResourceEvent(change('web'), 'https://10.96.0.1:443'))
  expect(headers).toEqual({
    'ce-specversion': '1.0',
    'ce-id': 'u.7.update',
    'ce-type': 'dev.knative.apiserver.resource.update',
    'ce-source': 'https://10.96.0.1:443',
    'ce-subject': '/apis/penstock.dev/v1alpha1/namespaces/web/apiroutes/shop',
    'ce-time': expect.any(String),
    'ce-apiversion': 'penstock.dev/v1alpha1',
    'ce-kind': 'APIRoute',
    'ce-name': 'shop',
    'ce-namespace': 'web',
    'content-type': 'application/json',
  })
  expect(JSON.parse(body)).toEqual(change('web').object)
})

test('an object without a namespace has an empty one', () => {
  const { headers } = toMessage(toResourceEvent(change(), 'https://10.96.0.1:443'))
  expect(headers['ce-namespace']).toBe('')
  expect(headers['ce-subject']).toBe('/apis/penstock.dev/v1alpha1/namespaces//apiroutes/shop')
})
