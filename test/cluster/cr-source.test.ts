import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { Registry } from '@prometheus-io/client'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createHttpSink } from '#lib/http-sink.ts'
import { createKubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { createSourceMetrics } from '#sources/cr-source/metrics.ts'
import { penstockTypes } from '#sources/cr-source/resource-types.ts'
import { startCrSource } from '#sources/cr-source/source.ts'
import { kubectl, root, run } from './kubectl.ts'

// The oracle: Knative's own adapter and ours watch the same API server during the same edits.

const { KUBECONFIG, PENSTOCK_TEST_HOST_IP } = process.env
if (!KUBECONFIG) throw new Error('KUBECONFIG must name a cluster with Knative Eventing')

interface Received {
  /** Headers that carry the event, but for those that differ by nature: id, time, source. */
  readonly headers: Record<string, string | undefined>
  readonly data: KubeObject
}

const namespace = `penstock-test-${randomBytes(4).toString('hex')}`
const cluster = loadCluster(KUBECONFIG)
const client = createKubeClient(cluster)
const apiRoutes = penstockTypes.find(({ kind }) => kind === 'APIRoute')!
const received = { knative: [] as Received[], penstock: [] as Received[] }
const cleanup: (() => unknown)[] = [() => client.close()]

/** The address of this machine that pods can reach: the one it reaches the API server from. */
const findHostIp = async (): Promise<string> => {
  if (PENSTOCK_TEST_HOST_IP) return PENSTOCK_TEST_HOST_IP
  const { hostname, port } = new URL(cluster.server)
  const socket = connect({ host: hostname, port: Number(port || 443) })
  await once(socket, 'connect')
  const { localAddress = '' } = socket
  socket.destroy()
  if (localAddress !== '::1' && !localAddress.startsWith('127.')) return localAddress
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  const outward = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (!outward) throw new Error('set PENSTOCK_TEST_HOST_IP to an address that pods can reach')
  return outward.address
}

const isOfEvent = (name: string) =>
  (name.startsWith('ce-') && !['ce-id', 'ce-time', 'ce-source'].includes(name)) ||
  name === 'content-type' ||
  name === 'kn-namespace'

/** Listens for both sources, each on a path of its own. */
const listen = async (): Promise<number> => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.fromEntries(
      Object.entries(request.headers as Record<string, string>).filter(([name]) => isOfEvent(name)),
    )
    const log = request.url === '/knative' ? received.knative : received.penstock
    log.push({ headers, data: JSON.parse(body) as KubeObject })
    response.writeHead(202).end()
  })
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  cleanup.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as { port: number }).port
}

const toManifest = (sink: string) => `
apiVersion: v1
kind: ServiceAccount
metadata: {name: source, namespace: ${namespace}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: source, namespace: ${namespace}}
rules: [{apiGroups: [penstock.dev], resources: [apiroutes], verbs: [get, list, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: source, namespace: ${namespace}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: source}
subjects: [{kind: ServiceAccount, name: source, namespace: ${namespace}}]
---
apiVersion: sources.knative.dev/v1
kind: ApiServerSource
metadata: {name: oracle, namespace: ${namespace}}
spec:
  mode: Resource
  serviceAccountName: source
  resources: [{apiVersion: penstock.dev/v1alpha1, kind: APIRoute}]
  sink: {uri: "${sink}"}
`

const toRoute = (name: string) => ({
  apiVersion: 'penstock.dev/v1alpha1',
  kind: 'APIRoute',
  metadata: { name, namespace },
  spec: {
    hostnames: [`${name}.example.com`],
    matches: [{ path: { type: 'PathPrefix', value: '/ü' } }],
    backendRefs: [{ url: 'http://backend.example.com' }],
  },
})

/** The events about one object, but for resyncs. */
const about = (log: Received[], name: string) =>
  log.filter(({ data }) => data.metadata?.name === name)

const last = <T>(items: T[]): T | undefined => items.at(-1)

const findVersion = (log: Received[], version: string) =>
  log.find(({ data }) => data.metadata?.resourceVersion === version)

const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 50 })

/** Knative's adapter sends nothing of the time before its watch: wait until one is heard. */
const warmUp = async (): Promise<void> => {
  for (let attempt = 0; received.knative.length === 0; attempt++) {
    if (attempt === 100) throw new Error("Knative's adapter sends nothing to this machine")
    await client.create(apiRoutes, toRoute(`warm-up-${attempt}`))
    await vi
      .waitFor(() => expect(received.knative.length).toBeGreaterThan(0), { timeout: 500 })
      .catch(() => undefined)
  }
}

beforeAll(async () => {
  const crd = 'apiroutes.penstock.dev'
  const installed = await kubectl('get', 'crd', crd, '--ignore-not-found', '-o', 'name')
  if (!installed) cleanup.push(() => kubectl('delete', 'crd', crd))
  await kubectl('apply', '-k', `${root}config/crd`)
  await kubectl('wait', '--for=condition=Established', `crd/${crd}`, '--timeout=60s')
  await kubectl('create', 'namespace', namespace)
  cleanup.push(() => kubectl('delete', 'namespace', namespace, '--timeout=120s'))

  const port = await listen()
  const input = toManifest(`http://${await findHostIp()}:${port}/knative`)
  await run('kubectl', ['apply', '-f', '-'], { input })

  const sink = createHttpSink({ url: `http://127.0.0.1:${port}/penstock`, namespace })
  cleanup.push(() => sink.close())
  const source = startCrSource({
    client,
    types: [apiRoutes],
    namespaces: [namespace],
    sink: sink.send,
    source: cluster.server,
    log: pino({ level: 'warn' }),
    metrics: createSourceMetrics(new Registry()),
  })
  cleanup.push(() => source.stop())
  await source.synced
  const ready = ['--for=condition=Ready', 'apiserversource/oracle', '--timeout=120s']
  await kubectl('wait', '-n', namespace, ...ready)
  await warmUp()
})

afterAll(async () => {
  for (const step of cleanup.reverse()) await step()
})

test('each edit is reported with the attributes and data of the ApiServerSource', async () => {
  const ref = { namespace, name: 'shop' }
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '')
  const condition = { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Test' }
  const status = {
    apiVersion: 'penstock.dev/v1alpha1',
    kind: 'APIRoute',
    metadata: ref,
    status: { conditions: [{ ...condition, lastTransitionTime }] },
  } as KubeObject
  const apply = { fieldManager: 'cluster-test', subresource: 'status' } as const
  const edits: [verb: string, edit: () => Promise<KubeObject | undefined>][] = [
    ['add', () => client.create(apiRoutes, toRoute('shop'))],
    ['update', () => client.patch(apiRoutes, ref, { spec: { hostnames: ['shop.example.org'] } })],
    ['update', () => client.apply(apiRoutes, status, apply)],
    ['update', () => client.patch(apiRoutes, ref, { metadata: { labels: { team: 'web' } } })],
    ['delete', () => client.delete(apiRoutes, ref).then(() => undefined)],
  ]
  for (const [verb, edit] of edits) {
    const version = (await edit())?.metadata.resourceVersion
    const reported = (log: Received[]) => {
      const event = version ? findVersion(log, version) : last(about(log, 'shop'))
      expect(event?.headers['ce-type']).toBe(`dev.knative.apiserver.resource.${verb}`)
      return event
    }
    await until(() => expect(reported(received.penstock)).toEqual(reported(received.knative)))
  }
})

test('of a burst, every object ends with the same event, and none is made up', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `burst-${index}`)
  const isDeleted = (index: number) => index % 4 === 0
  await Promise.all(
    names.map(async (name, index) => {
      await client.create(apiRoutes, toRoute(name))
      for (const round of ['1', '2', '3', '4']) {
        await client.patch(apiRoutes, { namespace, name }, { metadata: { labels: { round } } })
      }
      if (isDeleted(index)) await client.delete(apiRoutes, { namespace, name })
    }),
  )
  await until(() => {
    for (const [index, name] of names.entries()) {
      const knative = about(received.knative, name)
      const ours = about(received.penstock, name)
      // Others may write too: a status, where Penstock itself is installed.
      expect(knative.length).toBeGreaterThanOrEqual(isDeleted(index) ? 6 : 5)
      expect(ours[0]?.headers['ce-type']).toBe('dev.knative.apiserver.resource.add')
      expect(last(ours)?.data).toEqual(last(knative)?.data)
      if (ours.length > 1) expect(last(ours)).toEqual(last(knative))
      const states = knative.map(({ data }) => data)
      for (const { data } of ours) expect(states).toContainEqual(data)
    }
  })
})
