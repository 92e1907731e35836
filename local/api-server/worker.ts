import { parentPort, workerData } from 'node:worker_threads'
import { startApiServer } from './api-server.ts'

/** The API server in a thread of its own: `thread.ts` starts it, and any message ends it. */
const server = await startApiServer(workerData)
parentPort?.once('message', () => void server.close())
const { url, port } = server
parentPort?.postMessage({ url, port, kubeconfig: server.kubeconfig() })
