import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeFragment } from '#config/compiled/fragment.ts'
import type { EventMessage } from '#lib/cloud-event.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { createLog } from '#lib/telemetry/log.ts'
import { startBackend } from '#test/fixtures/backend.ts'
import { localBackend, type RouteSpec, routeFragment } from '#test/fixtures/gateway.ts'
import {
  type ScriptedApiServer,
  startScriptedApiServer,
} from '#test/fixtures/scripted-api-server.ts'
import { type Gateway, startGateway } from './app.ts'

const CONFIG_MAPS = '/api/v1/namespaces/penstock-system/configmaps'
const SERVICES = '/api/v1/services'
const KNATIVE = '/apis/serving.knative.dev/v1/services'
const SECRETS = '/api/v1/namespaces/penstock-system/secrets'
const TOKENS = '/apis/authentication.k8s.io/v1/tokenreviews'
const ACCESS = '/apis/authorization.k8s.io/v1/subjectaccessreviews'

let api: ScriptedApiServer
let gateway: Gateway | undefined
let published: EventMessage[]

const configMap = (route: RouteSpec) =>
  encodeFragment(routeFragment(route), 'penstock-system') as KubeObject

beforeEach(async () => {
  api = await startScriptedApiServer()
  for (const path of [CONFIG_MAPS, SERVICES, SECRETS]) api.collections.set(path, [])
  published = []
})
afterEach(async () => {
  await gateway?.drain(0, 0)
  gateway = undefined
  await api[Symbol.asyncDispose]()
})

const start = async () => {
  gateway = await startGateway({
    client: api.client,
    namespace: 'penstock-system',
    replica: 'r',
    publish: async (message) => void published.push(message),
    settings: {
      host: '127.0.0.1',
      port: 0,
      tlsPort: 0,
      adminPort: 0,
      maxBodyBytes: 1000,
      trustForwarded: false,
      isAddressAllowed: () => true,
    },
    log: createLog('test', 'silent'),
  })
  return gateway
}

const get = async (path: string, port = gateway?.port) => {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`)
  await body.dump()
  return statusCode
}

describe('a gateway replica', () => {
  it('serves what exists, then each change, and tells of it', async () => {
    await using backend = await startBackend()
    api.collections.set(CONFIG_MAPS, [configMap({ name: 'a', prefix: '/a', to: backend.port })])
    const { adminPort } = await start()
    expect(await get('/readyz', adminPort)).toBe(204)
    expect(await get('/a')).toBe(200)
    await expect
      .poll(() => published.map(({ body }) => JSON.parse(body).objects))
      .toEqual([undefined])
    await expect.poll(() => api.watchers(CONFIG_MAPS)).toBe(1)

    api.emit(CONFIG_MAPS, 'ADDED', configMap({ name: 'b', prefix: '/b', to: backend.port }))
    await expect.poll(() => get('/b')).toBe(200)
    await expect.poll(() => JSON.parse(published.at(-1)?.body ?? '').objects?.[0]?.name).toBe('b')

    api.emit(CONFIG_MAPS, 'DELETED', configMap({ name: 'a', prefix: '/a', to: backend.port }))
    await expect.poll(() => get('/a')).toBe(404)
    expect(gateway?.loaded().objects.map(({ name }) => name)).toEqual(['b'])
  })

  it('keeps what it serves when a fragment cannot be read, and says so', async () => {
    await using backend = await startBackend()
    const good = configMap({ prefix: '/a', to: backend.port })
    api.collections.set(CONFIG_MAPS, [good])
    await start()
    await expect.poll(() => api.watchers(CONFIG_MAPS)).toBe(1)
    api.emit(CONFIG_MAPS, 'MODIFIED', { ...good, data: { 'fragment.json': '{' } } as KubeObject)
    await expect
      .poll(() => gateway?.loaded().objects[0]?.problems)
      .toMatchObject([{ reason: 'NotRead' }])
    expect(await get('/a')).toBe(200)
  })

  it('is ready only when it knows the addresses of Knative Services', async () => {
    await using backend = await startBackend()
    const metadata = { namespace: 'default', name: 'fn' }
    const status = { address: { url: `http://127.0.0.1:${backend.port}` } }
    const service = { apiVersion: 'v1', kind: 'Service', metadata, status }
    api.collections.set(KNATIVE, [service])
    const backends = [{ weight: 1, backend: { kind: 'KnativeService', name: 'fn' } as const }]
    api.collections.set(CONFIG_MAPS, [configMap({ backends })])
    await start()
    expect(await get('/')).toBe(200)
    await expect.poll(() => api.watchers(KNATIVE)).toBe(1)
    api.emit(KNATIVE, 'DELETED', service)
    await expect.poll(() => get('/')).toBe(500)
  })

  it('follows Services', async () => {
    const backends = [{ weight: 1, backend: { kind: 'Service', name: 'web', port: 80 } as const }]
    api.collections.set(CONFIG_MAPS, [configMap({ backends })])
    await start()
    expect(gateway?.loaded().objects[0]?.problems).toMatchObject([{ reason: 'BackendNotFound' }])
    await expect.poll(() => api.watchers(SERVICES)).toBe(1)
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: 'web' },
      spec: { clusterIP: '127.0.0.1', ports: [{ port: 80 }] },
    }
    api.emit(SERVICES, 'ADDED', service)
    await expect.poll(() => gateway?.loaded().objects[0]?.problems).toEqual([])
  })

  it('shows its configuration to who may see it, and asks the API server once', async () => {
    const reviewed: string[] = []
    api.answers.set(TOKENS, (body) => {
      const { token, audiences } = (body as { spec: { token: string; audiences?: string[] } }).spec
      reviewed.push(token)
      return { status: { authenticated: token !== 'bad', user: { username: token }, audiences } }
    })
    api.answers.set(ACCESS, (body) => {
      const { user, nonResourceAttributes } = (body as { spec: Record<string, unknown> }).spec
      expect(nonResourceAttributes).toEqual({ path: '/config', verb: 'get' })
      return { status: { allowed: user === 'reader' } }
    })
    const { adminPort } = await start()
    const statuses: number[] = []
    for (const token of ['bad', 'other', 'reader', 'reader']) {
      const { statusCode, body } = await request(`http://127.0.0.1:${adminPort}/config`, {
        headers: { authorization: `Bearer ${token}` },
      })
      await body.dump()
      statuses.push(statusCode)
    }
    expect(statuses).toEqual([403, 403, 200, 200])
    // The bad one may be of either audience.
    expect(reviewed).toEqual(['bad', 'bad', 'other', 'reader'])
  })

  it('ends with the request it serves, even when a mirror does not answer', async () => {
    await using backend = await startBackend()
    await using silent = await startBackend(() => undefined)
    const mirrors = [{ percent: 100, backend: localBackend(silent.port) }]
    api.collections.set(CONFIG_MAPS, [configMap({ to: backend.port, mirrors })])
    const { drain } = await start()
    expect(await get('/')).toBe(200)
    gateway = undefined
    await drain(0, 5000)
  })
})
