import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer, WIDGETS } from './testing.ts'

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const WIDGET = '/apis/test.dev/v1/namespaces/default/widgets'
const MAP = '/api/v1/namespaces/default/configmaps'
const PATCHES = [
  'json-patch+json',
  'merge-patch+json',
  'strategic-merge-patch+json',
  'apply-patch+yaml',
]

const KEYS = [
  'metadata',
  'name',
  'labels',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'spec',
]
const MORE = [
  'status',
  'size',
  'hosts',
  'names',
  'versions',
  'data',
  'fieldsV1',
  'op',
  'path',
  '__proto__',
]
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...KEYS, ...MORE) },
  { weight: 1, arbitrary: fc.string() },
)
const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.constantFrom('f', '/spec', 'add', 'Widget'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie('body'), { maxLength: 3 }),
    fc.dictionary(key, tie('body'), { maxKeys: 5 }),
  ),
}))

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
  await api.send('POST', CRDS, WIDGETS)
  const spec = { apiVersion: 'test.dev/v1', kind: 'Widget', spec: { size: 1 } }
  await api.send('POST', WIDGET, { ...spec, metadata: { name: 'f' } })
  await api.send('POST', MAP, { metadata: { name: 'f' } })
})
afterAll(() => api.close())

describe('whatever is sent', () => {
  it('is answered, and never with an internal error', async () => {
    const sent = fc.asyncProperty(body, fc.constantFrom(WIDGET, MAP, CRDS), async (value, path) => {
      const object = typeof value === 'object' && !Array.isArray(value) ? value : { spec: value }
      const typed =
        path === WIDGET ? { apiVersion: 'test.dev/v1', kind: 'Widget', ...object } : object
      const reasons = [(await api.send('POST', path, typed)).body.reason]
      if (path !== CRDS) {
        reasons.push((await api.send('PUT', `${path}/f`, typed)).body.reason)
        for (const patch of PATCHES) {
          const type = { 'content-type': `application/${patch}` }
          const answer = await api.send('PATCH', `${path}/f?fieldManager=m`, value, type)
          reasons.push(answer.body.reason)
        }
      }
      expect(reasons).not.toContain('InternalError')
    })
    await fc.assert(sent, { numRuns: 150 })
  })

  it.each([
    '/%',
    '/apis//',
    '/api/v1/namespaces/%2f/configmaps',
    '/apis/a/b/c/d/e/f/g',
    '//',
    '/openapi/v3/x',
  ])('is no problem as the path %s', async (path) => {
    expect((await api.send('GET', path)).code).toBeLessThan(500)
  })

  it('leaves the prototypes of the server alone', async () => {
    await api.send('PATCH', `${MAP}/f`, '{"__proto__":{"polluted":1},"data":{"__proto__":"x"}}')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
