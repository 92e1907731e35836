import { expect, test } from 'vitest'
import { configMaps, knativeServices, toApiVersion, toPath } from './types.ts'

test.each([
  [toPath(configMaps), '/api/v1/configmaps'],
  [toPath(configMaps, 'ns'), '/api/v1/namespaces/ns/configmaps'],
  [toPath(configMaps, 'ns', 'a.b'), '/api/v1/namespaces/ns/configmaps/a.b'],
  [toPath(knativeServices, 'ns', 'a'), '/apis/serving.knative.dev/v1/namespaces/ns/services/a'],
  [toPath(configMaps, undefined, 'a'), '/api/v1/configmaps/a'],
  [toPath(configMaps, '', 'a'), '/api/v1/configmaps/a'],
])('%s is %s', (path, expected) => {
  expect(path).toBe(expected)
})

test('a name is one segment, whatever is in it', () => {
  expect(toPath(configMaps, 'ns', '../../secrets/a?b')).toBe(
    '/api/v1/namespaces/ns/configmaps/..%2F..%2Fsecrets%2Fa%3Fb',
  )
})

test.each(['', '.', '..'])('%j is no name', (name) => {
  expect(() => toPath(configMaps, 'ns', name)).toThrow(TypeError)
})

test('the core group is not part of its apiVersion', () => {
  expect(toApiVersion(configMaps)).toBe('v1')
  expect(toApiVersion(knativeServices)).toBe('serving.knative.dev/v1')
})
