import { randomBytes } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, isProgrammed } from './client.ts'
import { deleteEcho, deployEcho } from './echo.ts'
import { deleteAllRoutes } from './editor.ts'
import { toGenerationRoute, VERSIONS } from './generation-route.ts'
import { apply, get, kubectl } from './kubectl.ts'
import { NAMESPACE, TEST_NAMESPACE } from './names.ts'
import { readyReplicas } from './replicas.ts'
import { watchRoutes } from './route-log.ts'

// Invariant 8: nothing secret in a ConfigMap, a log, an event, a metric or an error body.

const mark = (what: string) => `${what}-${randomBytes(12).toString('hex')}`
const secrets = {
  opaque: mark('opaque'),
  certificate: mark('certificate'),
  key: mark('key'),
  bearer: mark('bearer'),
  cookie: mark('cookie'),
  apiKey: mark('api-key'),
  query: mark('query'),
  admin: mark('admin'),
}
const credentials = {
  authorization: `Bearer ${secrets.bearer}`,
  cookie: `session=${secrets.cookie}`,
  'x-api-key': secrets.apiKey,
}

const client = connect()

/** Which of the secrets a text gives away. */
const findLeaks = (text: string): string[] =>
  Object.entries(secrets).flatMap(([what, secret]) => (text.includes(secret) ? [what] : []))

const secret = (name: string, type: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type,
  metadata: { name, namespace: NAMESPACE },
  stringData: data,
})

const PEM = (what: string, text: string) =>
  `-----BEGIN ${what}-----\n${text}\n-----END ${what}-----\n`

const SCRAPER = 'scraper'

const grant = (role: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: `penstock-test-${role}` },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects: [{ kind: 'ServiceAccount', name: SCRAPER, namespace: TEST_NAMESPACE }],
})

const ROLES = ['penstock-metrics', 'penstock-status-update']

beforeAll(async () => {
  await Promise.all(VERSIONS.map((version) => deployEcho(`echo-${version}`, version)))
  await apply(
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: SCRAPER, namespace: TEST_NAMESPACE },
    },
    ...ROLES.map(grant),
    secret('test-opaque', 'Opaque', { password: secrets.opaque }),
    // Neither can be read, which the gateway complains about.
    secret('test-tls', 'kubernetes.io/tls', {
      'tls.crt': PEM('CERTIFICATE', secrets.certificate),
      'tls.key': PEM('PRIVATE KEY', secrets.key),
    }),
  )
})

afterAll(async () => {
  await kubectl('-n', NAMESPACE, 'delete', 'secret', 'test-opaque', 'test-tls')
  await kubectl('delete', 'clusterrolebinding', ...ROLES.map((role) => `penstock-test-${role}`))
  await kubectl('-n', TEST_NAMESPACE, 'delete', 'serviceaccount', SCRAPER)
  await deleteAllRoutes(client)
  await Promise.all(VERSIONS.map((version) => deleteEcho(`echo-${version}`)))
  await client.close()
})

test('secrets of users and clients stay out of bodies, logs, ConfigMaps, events and metrics', async () => {
  const log = await watchRoutes(client)
  const names = {
    served: 'secrets',
    unreachable: 'secrets-unreachable',
    nowhere: 'secrets-nowhere',
  }
  const { spec } = toGenerationRoute(names.unreachable)
  const to = (name: string, backend: object) =>
    apply({
      ...toGenerationRoute(name),
      spec: { ...spec, matches: [{ path: { value: `/${name}` } }], backendRefs: [backend] },
    })
  await apply(toGenerationRoute(names.served))
  await to(names.unreachable, { url: 'http://192.0.2.1:1' })
  await to(names.nowhere, { name: 'nowhere', port: 80 })
  for (const name of Object.values(names)) await log.find(name, isProgrammed)

  const replicas = await readyReplicas()
  for (const replica of replicas) {
    const refused = [...Object.values(names).slice(1), 'secrets-not-routed']
    for (const name of refused) {
      const url = `${replica.traffic}/${name}?token=${secrets.query}`
      const { statusCode, headers, body } = await request(url, { headers: credentials })
      expect(statusCode).toBeGreaterThanOrEqual(400)
      expect(findLeaks(JSON.stringify(headers) + (await body.text()))).toEqual([])
    }
    const served = `${replica.traffic}/${names.served}?token=${secrets.query}`
    const { statusCode, body } = await request(served, { headers: credentials })
    // They did get through: to the backend, and to nobody else.
    expect(statusCode).toBe(200)
    expect(findLeaks(await body.text()).sort()).toEqual(['apiKey', 'bearer', 'cookie', 'query'])

    const authorization = `Bearer ${secrets.admin}`
    const admin = await request(`${replica.admin}/config`, { headers: { authorization } })
    expect(admin.statusCode).toBe(403)
    expect(findLeaks(await admin.body.text())).toEqual([])
  }
  await log.stop()

  const { items } = await get<{ items: { metadata: { name: string } }[] }>('-n', NAMESPACE, 'pods')
  for (const { metadata } of items) {
    const logs = await kubectl('-n', NAMESPACE, 'logs', metadata.name, '--tail=-1')
    expect(findLeaks(logs), metadata.name).toEqual([])
    expect(logs, 'a log that can be searched').not.toBe('')
  }
  for (const kind of ['configmaps', 'events']) {
    for (const namespace of [NAMESPACE, TEST_NAMESPACE]) {
      expect(findLeaks(await kubectl('-n', namespace, 'get', kind, '-o', 'yaml'))).toEqual([])
    }
  }
  expect(findLeaks(await kubectl('-n', TEST_NAMESPACE, 'get', 'apiroutes', '-o', 'yaml'))).toEqual(
    [],
  )
  const scraper = await kubectl('-n', TEST_NAMESPACE, 'create', 'token', SCRAPER)
  const headers = { authorization: `Bearer ${scraper.trim()}` }
  for (const { admin } of replicas) {
    for (const path of ['config', 'metrics']) {
      const { statusCode, body } = await request(`${admin}/${path}`, { headers })
      expect(statusCode).toBe(200)
      expect(findLeaks(await body.text())).toEqual([])
    }
  }
})
