import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { encodeFragment, FORMAT, type Fragment, hashSpec } from '#config/compiled/fragment.ts'
import { compileRoute } from '#functions/route-compile/compile.ts'
import { forEachLimited } from '#lib/for-each.ts'
import { createKubeClient } from '#lib/kube/client.ts'
import { parseKubeconfig } from '#lib/kube/kubeconfig.ts'
import { configMaps } from '#lib/kube/types.ts'
import { startApiServer } from '#local/api-server/api-server.ts'
import { findFreePort } from '../../processes.ts'
import type { Peer } from './peer.ts'
import { startPeer } from './start-peer.ts'

const ENTRY = join(import.meta.dirname, '../../../../gateway/main.ts')
const NAMESPACE = 'default'
const WRITERS = 16

/** The fragment of a route, compiled as the function would. */
const toFragment = (index: number, upstreamPort: number): Fragment => {
  const name = `r${index}`
  const spec = {
    matches: [{ path: { type: 'PathPrefix', value: `/${name}` } }],
    backendRefs: [{ url: `http://127.0.0.1:${upstreamPort}` }],
  }
  const object = {
    apiVersion: '',
    kind: 'APIRoute',
    metadata: { name, namespace: NAMESPACE },
    spec,
  }
  const result = compileRoute(object)
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`)
  return {
    format: FORMAT,
    kind: 'APIRoute',
    namespace: NAMESPACE,
    name,
    uid: `uid-${index}`,
    generation: 1,
    createdAt: '2026-01-01T00:00:00Z',
    hash: hashSpec(result.spec),
    spec: result.spec,
  }
}

const writeFragments = async (kubeconfig: string, routes: number, upstreamPort: number) => {
  const client = createKubeClient(parseKubeconfig(kubeconfig))
  const indexes = Array.from({ length: routes }, (_, index) => index)
  await forEachLimited(indexes, WRITERS, (index) =>
    client.create(configMaps, encodeFragment(toFragment(index, upstreamPort), NAMESPACE)),
  )
  await client.close()
}

/** Takes the gateway's events and forgets them. */
const startSink = async () => {
  const server = createServer((incoming, response) => {
    incoming.resume()
    response.writeHead(202).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The gateway as it is, in a process of its own, with the fragments of so many routes. */
export const penstock: Peer = {
  name: 'penstock',
  missing: () => undefined,
  async start({ upstreamPort, routes, folder, nodeOptions, readyStatus }) {
    const api = await startApiServer({ file: ':memory:', token: 'bench' })
    const sink = await startSink()
    const [port, adminPort, tlsPort] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ]
    await writeFragments(api.kubeconfig(), routes, upstreamPort)
    const kubeconfig = join(folder, 'kubeconfig')
    await writeFile(kubeconfig, api.kubeconfig())
    return startPeer([process.execPath, ...nodeOptions, ENTRY], {
      port,
      routes,
      readyStatus,
      env: {
        PORT: String(port),
        ADMIN_PORT: String(adminPort),
        TLS_PORT: String(tlsPort),
        K_SINK: sink.url,
        KUBECONFIG: kubeconfig,
        PENSTOCK_NAMESPACE: NAMESPACE,
        LOG_LEVEL: 'error',
        ALLOWED_BACKENDS: '127.0.0.0/8',
        DRAIN_DELAY_MS: '0',
        DRAIN_GRACE_MS: '0',
      },
      async onStop() {
        sink.close()
        await api.close()
      },
    })
  },
}
