import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { createKubeClient } from '#lib/kube/client.ts'
import { loadCluster } from '#lib/kube/kubeconfig.ts'
import { findFreePort, startProgram } from '../../processes.ts'
import { apiRouteKind } from '../route-kinds/api-route.ts'
import { SYSTEM_NAMESPACE, type Target } from './target.ts'

const ENTRY = join(import.meta.dirname, '../../../../local/main.ts')
const READY_WITHIN_MS = 20_000

const untilReady = async (admin: string): Promise<void> => {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until) {
    const status = await request(`${admin}/readyz`).then(
      ({ statusCode }) => statusCode,
      () => 0,
    )
    if (status === 204) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('local mode did not become ready')
}

/** Starts local mode, in one process of its own, on free ports and with an empty folder. */
export const startLocal = async (nodeOptions: readonly string[]): Promise<Target> => {
  const folder = await mkdtemp(join(tmpdir(), 'penstock-bench-'))
  const ports: Record<string, number> = {}
  for (const name of ['port', 'admin-port', 'api-port', 'echo-port', 'provider-port']) {
    ports[name] = await findFreePort()
  }
  const flags = Object.entries(ports).flatMap(([name, port]) => [`--${name}`, String(port)])
  const command = [
    process.execPath,
    ...nodeOptions,
    ENTRY,
    '--data',
    folder,
    '--no-sample',
    ...flags,
  ]
  const child = startProgram(command)
  const stopChild = async () => {
    await child.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const admin = `http://127.0.0.1:${ports['admin-port']}`
  try {
    await Promise.race([untilReady(admin), child.failed])
    const client = createKubeClient(loadCluster(join(folder, 'kubeconfig')))
    const token = (await readFile(join(folder, 'token'), 'utf8')).trim()
    return {
      client,
      replicas: [{ traffic: `http://127.0.0.1:${ports.port}`, admin: { url: admin, token } }],
      routeKind: apiRouteKind,
      pollEveryMs: 1,
      namespace: 'default',
      systemNamespace: SYSTEM_NAMESPACE,
      async stop() {
        await client.close()
        await stopChild()
      },
    }
  } catch (error) {
    await stopChild()
    throw error
  }
}
