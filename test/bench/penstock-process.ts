import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { FORMAT, type FragmentOf, hashSpec } from '#config/compiled/fragment.ts'
import type { CompileResult } from '#functions/runtime/fragment-builder.ts'
import { createKubeClient, type KubeClient } from '#lib/kube/client.ts'
import { parseKubeconfig } from '#lib/kube/kubeconfig.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import { startApiServer } from '#local/api-server/api-server.ts'
import { findFreePort } from './processes.ts'

const ENTRY = join(import.meta.dirname, '../../gateway/main.ts')

/** Namespace of the fragments. */
export const NAMESPACE = 'default'

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

/**
 * What a compile function makes of an object of the benchmark.
 * @throws Error when it does not compile
 */
export const toFragment = <K extends 'APIRoute' | 'AIModelConfig'>(
  kind: K,
  name: string,
  spec: object,
  compile: (object: KubeObject) => CompileResult<FragmentOf<K>['spec']>,
): FragmentOf<K> => {
  const object: KubeObject & { spec: object } = {
    apiVersion: '',
    kind,
    metadata: { name, namespace: NAMESPACE },
    spec,
  }
  const result = compile(object)
  if (!result.ok) throw new Error(`${result.reason}: ${result.message}`)
  return {
    format: FORMAT,
    kind,
    namespace: NAMESPACE,
    name,
    uid: `uid-${name}`,
    generation: 1,
    createdAt: '2026-01-01T00:00:00Z',
    hash: hashSpec(result.spec),
    spec: result.spec,
  } as FragmentOf<K>
}

export interface GatewayCommand {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly port: number
  /** To be called when the gateway has ended. */
  onStop(): Promise<void>
}

/**
 * What starts the gateway as it is, in a process of its own, beside a local API server.
 * @param prepare writes what it shall serve
 */
export const prepareGateway = async (
  folder: string,
  nodeOptions: readonly string[],
  prepare: (client: KubeClient) => Promise<void>,
): Promise<GatewayCommand> => {
  const api = await startApiServer({ file: ':memory:', token: 'bench' })
  const client = createKubeClient(parseKubeconfig(api.kubeconfig()))
  await prepare(client)
  await client.close()
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, api.kubeconfig())
  const sink = await startSink()
  const ports = {
    traffic: await findFreePort(),
    admin: await findFreePort(),
    tls: await findFreePort(),
  }
  return {
    command: [process.execPath, ...nodeOptions, ENTRY],
    port: ports.traffic,
    env: {
      PORT: String(ports.traffic),
      ADMIN_PORT: String(ports.admin),
      TLS_PORT: String(ports.tls),
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
  }
}
