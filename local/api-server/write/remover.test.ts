import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer, WIDGETS } from '../testing.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const CRD_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

const configMap = (name: string, data: Record<string, string> = {}, metadata = {}) => ({
  metadata: { name, ...metadata },
  data,
})

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
})
afterAll(() => api.close())

describe('deleting', () => {
  it('waits for finalizers', async () => {
    await api.send('POST', MAPS, configMap('held', {}, { finalizers: ['test.dev/hold'] }))
    const deleted = await api.send('DELETE', `${MAPS}/held`)
    expect(deleted.body.metadata.deletionTimestamp).toBeDefined()
    expect((await api.send('GET', `${MAPS}/held`)).code).toBe(200)
    await api.send('PATCH', `${MAPS}/held`, { metadata: { finalizers: null } })
    expect((await api.send('GET', `${MAPS}/held`)).code).toBe(404)
  })

  it('checks preconditions', async () => {
    await api.send('POST', MAPS, configMap('guarded'))
    const wrong = await api.send('DELETE', `${MAPS}/guarded`, { preconditions: { uid: 'x' } })
    expect(wrong.code).toBe(409)
    expect((await api.send('DELETE', `${MAPS}/guarded`)).body.status).toBe('Success')
  })

  it('takes dependents along, unless another owner is left or they are orphaned', async () => {
    const owner = async (name: string) => {
      const { body } = await api.send('POST', MAPS, configMap(name))
      return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: body.metadata.uid }
    }
    const [one, two] = [await owner('owner-1'), await owner('owner-2')]
    await api.send('POST', MAPS, configMap('both', {}, { ownerReferences: [one, two] }))
    await api.send('POST', MAPS, configMap('only', {}, { ownerReferences: [one] }))
    await api.send('DELETE', `${MAPS}/owner-1`)
    expect((await api.send('GET', `${MAPS}/only`)).code).toBe(404)
    const both = await api.send('GET', `${MAPS}/both`)
    expect(both.body.metadata.ownerReferences).toEqual([two])
    await api.send('DELETE', `${MAPS}/owner-2`, { propagationPolicy: 'Orphan' })
    expect((await api.send('GET', `${MAPS}/both`)).body.metadata.ownerReferences).toBeUndefined()
  })

  it('empties a namespace and lets nothing new in', async () => {
    const path = '/api/v1/namespaces/going/configmaps'
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'going' } })
    await api.send('POST', path, configMap('a'))
    await api.send('POST', path, configMap('held', {}, { finalizers: ['test.dev/hold'] }))
    const deleted = await api.send('DELETE', '/api/v1/namespaces/going')
    expect(deleted.body.status).toEqual({ phase: 'Terminating' })
    expect((await api.send('POST', path, configMap('b'))).code).toBe(403)
    expect((await api.send('GET', path)).body.items).toHaveLength(1)
    await api.send('PATCH', `${path}/held`, { metadata: { finalizers: null } })
    expect((await api.send('GET', '/api/v1/namespaces/going')).code).toBe(404)
  })

  it('keeps a definition until the last of its objects is gone', async () => {
    const path = '/apis/test.dev/v1/namespaces/default/widgets'
    await api.send('POST', CRD_PATH, WIDGETS)
    const held = { metadata: { name: 'held', finalizers: ['test.dev/hold'] }, spec: { size: 1 } }
    await api.send('POST', path, { ...held, apiVersion: 'test.dev/v1', kind: 'Widget' })
    await api.send('DELETE', `${CRD_PATH}/widgets.test.dev`)
    expect((await api.send('GET', `${path}/held`)).body.metadata.deletionTimestamp).toBeDefined()
    await api.send('PATCH', `${path}/held`, { metadata: { finalizers: null } })
    expect((await api.send('GET', path)).code).toBe(404)
  })

  it('leaves the first namespaces alone', async () => {
    expect((await api.send('DELETE', '/api/v1/namespaces/default')).code).toBe(403)
  })

  it('deletes a collection by label', async () => {
    await api.send('POST', MAPS, configMap('other'))
    for (const name of ['x-1', 'x-2'])
      await api.send('POST', MAPS, configMap(name, {}, { labels: { group: 'x' } }))
    await api.send('DELETE', `${MAPS}?labelSelector=group%3Dx`)
    expect((await api.send('GET', `${MAPS}?labelSelector=group`)).body.items).toEqual([])
    expect((await api.send('GET', `${MAPS}/other`)).code).toBe(200)
  })
})
