import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { ApiServer, ApiServerOptions } from './api-server.ts'

/**
 * Starts an API server in a thread of its own, so that its work and that of whoever calls it go on
 * at the same time.
 * @throws what `startApiServer` throws
 */
export const startApiServerThread = async (options: ApiServerOptions): Promise<ApiServer> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options })
  const [{ url, port, kubeconfig }] = await once(worker, 'message')
  worker.on('error', (error) => {
    // Nothing goes on without it.
    throw error
  })
  return {
    url,
    port,
    kubeconfig: () => kubeconfig,
    async close() {
      const exited = once(worker, 'exit')
      worker.postMessage('close')
      await exited
    },
  }
}
