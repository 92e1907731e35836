import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startTestServer, type TestServer, WIDGETS } from './testing.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const WIDGET_PATH = '/apis/test.dev/v1/namespaces/default/widgets'
const CRD_PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

const configMap = (name: string, data: Record<string, string> = {}, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
})
const widget = (name: string, spec: object, metadata = {}) => ({
  apiVersion: 'test.dev/v1',
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
})

let api: TestServer
beforeAll(async () => {
  api = await startTestServer()
  await api.send('POST', CRD_PATH, WIDGETS)
})
afterAll(() => api.close())

describe('access', () => {
  it('needs the token, except for health', async () => {
    const wrong = await api.send('GET', MAPS, undefined, { authorization: 'Bearer nope' })
    expect([wrong.code, wrong.body.reason]).toEqual([401, 'Unauthorized'])
    const health = await api.send('GET', '/readyz', undefined, { authorization: '' })
    expect(health.code).toBe(200)
  })

  it('answers who has the token', async () => {
    const review = await api.send('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
      spec: { token: 'test-token' },
    })
    expect(review.body.status).toMatchObject({
      authenticated: true,
      user: { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] },
    })
  })
})

describe('writing', () => {
  it('creates once, with uid, version, time and owner of fields', async () => {
    const created = await api.send('POST', MAPS, configMap('once', { a: '1' }))
    expect(created.code).toBe(201)
    expect(created.body.metadata).toMatchObject({ name: 'once', namespace: 'default' })
    expect(created.body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
    expect(created.body.metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:data': { '.': {}, 'f:a': {} },
    })
    const again = await api.send('POST', MAPS, configMap('once'))
    expect([again.code, again.body.reason]).toEqual([409, 'AlreadyExists'])
  })

  it('makes up a name from generateName', async () => {
    const created = await api.send('POST', MAPS, { metadata: { generateName: 'gen-' } })
    expect(created.body.metadata.name).toMatch(/^gen-[a-z0-9]{5}$/)
  })

  it('refuses a stale replace, a wrong uid, a name that is not the path and a missing object', async () => {
    const created = await api.send('POST', MAPS, configMap('stale'))
    await api.send('PATCH', `${MAPS}/stale`, { data: { a: '1' } })
    const stale = await api.send('PUT', `${MAPS}/stale`, created.body)
    expect([stale.code, stale.body.reason]).toEqual([409, 'Conflict'])
    const wrongUid = await api.send('PUT', `${MAPS}/stale`, configMap('stale', {}, { uid: 'x' }))
    expect(wrongUid.code).toBe(409)
    expect((await api.send('PUT', `${MAPS}/stale`, configMap('other'))).code).toBe(400)
    expect((await api.send('PUT', `${MAPS}/missing`, configMap('missing'))).code).toBe(404)
  })

  it('neither changes the version nor tells watches when nothing changes', async () => {
    const created = await api.send('POST', MAPS, configMap('same', { a: '1' }))
    const patched = await api.send('PATCH', `${MAPS}/same`, { data: { a: '1' } })
    expect(patched.body).toEqual(created.body)
  })

  it('stores nothing on a dry run', async () => {
    const dry = await api.send('POST', `${MAPS}?dryRun=All`, configMap('dry'))
    expect(dry.code).toBe(201)
    expect((await api.send('GET', `${MAPS}/dry`)).code).toBe(404)
  })

  it('answers 404 for a namespace that is not there', async () => {
    const created = await api.send('POST', '/api/v1/namespaces/nope/configmaps', configMap('a'))
    expect(created.body.message).toBe('namespaces "nope" not found')
    expect(created.code).toBe(404)
  })

  it('takes unknown and duplicate fields as fieldValidation says', async () => {
    const body = '{"metadata":{"name":"strict"},"foo":1,"data":{"a":"1","a":"2"}}'
    const strict = await api.send('POST', `${MAPS}?fieldValidation=Strict`, body)
    expect(strict.code).toBe(400)
    expect(strict.body.message).toContain('unknown field "foo", duplicate field "data.a"')
    const warned = await api.send('POST', `${MAPS}?fieldValidation=Warn`, body)
    expect(warned.headers.warning).toEqual([
      '299 - "unknown field \\"foo\\""',
      '299 - "duplicate field \\"data.a\\""',
    ])
    expect(warned.body.foo).toBeUndefined()
    expect(warned.body.data).toEqual({ a: '2' })
  })

  it('refuses what is too large, no JSON, or of another kind', async () => {
    const big = 'x'.repeat(1024 * 1024 + 1)
    expect((await api.send('POST', MAPS, configMap('big', { big }))).code).toBe(422)
    expect((await api.send('POST', MAPS, `"${'x'.repeat(4 * 1024 * 1024)}"`)).code).toBe(413)
    expect((await api.send('POST', MAPS, '{"a":')).code).toBe(400)
    expect((await api.send('POST', MAPS, { kind: 'Secret' })).code).toBe(400)
    const text = await api.send('POST', MAPS, 'x', { 'content-type': 'text/plain' })
    expect(text.code).toBe(415)
    const name = await api.send('POST', MAPS, configMap('A_b'))
    expect(name.body.details).toMatchObject({ causes: [{ field: 'metadata.name' }] })
  })

  it('writes stringData of a secret as data', async () => {
    const secret = { metadata: { name: 's' }, stringData: { key: 'value' } }
    const created = await api.send('POST', '/api/v1/namespaces/default/secrets', secret)
    expect(created.body.data).toEqual({ key: 'dmFsdWU=' })
    expect(created.body.type).toBe('Opaque')
  })
})

describe('custom resources', () => {
  it('are defaulted, validated, and refused with causes', async () => {
    const created = await api.send('POST', WIDGET_PATH, widget('defaulted', { size: 1 }))
    expect(created.body.spec).toEqual({ size: 1, mode: 'plain' })
    const wrong = await api.send('POST', WIDGET_PATH, widget('wrong', { size: 7 }))
    expect(wrong.body).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'Widget.test.dev "wrong" is invalid: spec.size: Invalid value: "integer": no sevens',
      details: { group: 'test.dev', kind: 'Widget', causes: [{ field: 'spec.size' }] },
    })
  })

  it('keep spec and status apart, and count generations of the spec', async () => {
    const body = { ...widget('parts', { size: 1 }), status: { conditions: [] } }
    const created = await api.send('POST', WIDGET_PATH, body)
    expect([created.body.metadata.generation, created.body.status]).toEqual([1, undefined])
    const both = { spec: { size: 9 }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }
    const status = await api.send('PATCH', `${WIDGET_PATH}/parts/status`, both)
    expect(status.body.spec).toEqual({ size: 1, mode: 'plain' })
    expect(status.body.status).toEqual(both.status)
    expect(status.body.metadata.generation).toBe(1)
    const main = await api.send('PATCH', `${WIDGET_PATH}/parts`, {
      spec: { size: 2 },
      status: { conditions: null },
      metadata: { labels: { a: 'b' } },
    })
    expect(main.body.status).toEqual(both.status)
    expect(main.body.metadata.generation).toBe(2)
    const label = await api.send('PATCH', `${WIDGET_PATH}/parts`, { metadata: { labels: null } })
    expect(label.body.metadata.generation).toBe(2)
  })

  it('are applied by several managers', async () => {
    const path = `${WIDGET_PATH}/applied`
    const first = await api.apply(path, 'one', widget('applied', { size: 1 }))
    expect(first.code).toBe(201)
    const refused = await api.apply(path, 'two', widget('applied', { size: 2 }))
    expect([refused.code, refused.body.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "one": .spec.size',
    ])
    expect((await api.apply(path, 'two', widget('applied', { size: 2 }), true)).code).toBe(200)
    const status = { ...widget('applied', {}), status: { conditions: [{ type: 'Ready' }] } }
    const applied = await api.apply(`${path}/status`, 'status', status)
    expect(applied.body.spec).toEqual({ size: 2, mode: 'plain' })
    const entry = applied.body.metadata.managedFields?.find((item) => item.manager === 'status')
    expect(entry).toMatchObject({ operation: 'Apply', subresource: 'status' })
    const nobody = await api.send('PATCH', path, widget('applied', {}), {
      'content-type': 'application/apply-patch+yaml',
    })
    expect(nobody.code).toBe(422)
  })

  it('are replaced with a version only, and keep their uid', async () => {
    await api.send('POST', WIDGET_PATH, widget('versioned', { size: 1 }))
    const blind = await api.send(
      'PUT',
      `${WIDGET_PATH}/versioned`,
      widget('versioned', { size: 2 }),
    )
    expect(blind.body.message).toBe(
      'widgets.test.dev "versioned" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    )
    const uid = await api.send('PATCH', `${WIDGET_PATH}/versioned`, { metadata: { uid: 'x' } })
    expect(uid.code).toBe(422)
  })

  it('are not applied with fields nobody could own, nor under another name', async () => {
    const path = `${WIDGET_PATH}/typed`
    const unknown = await api.apply(path, 'one', widget('typed', { size: 1, colour: 'red' }))
    expect(unknown.body.message).toBe(
      'failed to create typed patch object (/typed; test.dev/v1, Kind=Widget): .spec.colour: field not declared in schema',
    )
    expect((await api.apply(path, 'one', widget('other', { size: 1 }))).code).toBe(400)
    expect((await api.apply(path, 'one', widget('typed', { size: 1 }, { uid: 'x' }))).code).toBe(
      409,
    )
  })

  it('take no strategic merge patch', async () => {
    await api.send('POST', WIDGET_PATH, widget('plain', { size: 1 }))
    const type = { 'content-type': 'application/strategic-merge-patch+json' }
    expect((await api.send('PATCH', `${WIDGET_PATH}/plain`, {}, type)).code).toBe(415)
  })

  it('go when their definition goes', async () => {
    const definition = structuredClone(WIDGETS)
    definition.metadata.name = 'gadgets.test.dev'
    Object.assign(definition.spec.names, { kind: 'Gadget', plural: 'gadgets', shortNames: [] })
    const path = '/apis/test.dev/v1/namespaces/default/gadgets'
    expect((await api.send('GET', path)).code).toBe(404)
    await api.send('POST', CRD_PATH, definition)
    const gadget = { ...widget('g', { size: 1 }), kind: 'Gadget' }
    expect((await api.send('POST', path, gadget)).code).toBe(201)
    await api.send('DELETE', `${CRD_PATH}/gadgets.test.dev`)
    expect((await api.send('GET', path)).code).toBe(404)
    await api.send('POST', CRD_PATH, definition)
    expect((await api.send('GET', path)).body.items).toEqual([])
  })
})

describe('what is not served', () => {
  it('is answered with 404, as a Status within a version that is', async () => {
    expect((await api.send('GET', '/api/v1/foos')).body.reason).toBe('NotFound')
    expect((await api.send('GET', '/apis/nope.dev/v1/foos')).body.kind).toContain('not found')
    expect((await api.send('PUT', MAPS, {})).code).toBe(405)
  })
})

describe('a restart', () => {
  it('keeps objects, definitions and the certificate, and goes on counting versions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'api-server-'))
    const file = join(folder, 'data', 'penstock.db')
    const first = await startTestServer({ file })
    await first.send('POST', CRD_PATH, WIDGETS)
    const { body } = await first.send('POST', WIDGET_PATH, widget('kept', { size: 1 }))
    const certificate = parse(first.server.kubeconfig()).clusters
    await expect(startTestServer({ file })).rejects.toThrow('locked')
    await first.close()
    const second = await startTestServer({ file })
    expect((await second.send('GET', `${WIDGET_PATH}/kept`)).body).toEqual(body)
    const changed = await second.send('PATCH', `${WIDGET_PATH}/kept`, { spec: { size: 2 } })
    expect(Number(changed.body.metadata.resourceVersion)).toBe(
      Number(body.metadata.resourceVersion) + 1,
    )
    const [cluster] = parse(second.server.kubeconfig()).clusters
    expect(cluster.cluster['certificate-authority-data']).toBe(
      certificate[0].cluster['certificate-authority-data'],
    )
    await second.close()
    rmSync(folder, { recursive: true })
  })

  it('finds its port taken', async () => {
    const other = startTestServer({ port: api.server.port })
    await expect(other).rejects.toThrow('EADDRINUSE')
  })
})
