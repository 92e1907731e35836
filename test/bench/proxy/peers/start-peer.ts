import { request } from 'undici'
import { startPinned } from '../../processes.ts'
import { CORES, type RunningPeer } from './peer.ts'

const READY_WITHIN_MS = 120_000

const isServing = async (port: number, path: string): Promise<boolean> => {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`)
    await body.dump()
    return statusCode === 200
  } catch {
    return false
  }
}

/** @throws Error when `path` is not answered with 200 in time. */
export const untilServing = async (port: number, path: string): Promise<void> => {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until) {
    if (await isServing(port, path)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`port ${port} does not serve ${path}`)
}

/** Starts a gateway on the core of its own and waits until it serves its last route. */
export const startPeer = async (
  command: readonly string[],
  options: {
    readonly port: number
    readonly routes: number
    readonly env?: Readonly<Record<string, string>>
    /** What else ends with the peer. */
    readonly onStop?: () => Promise<void>
  },
): Promise<RunningPeer> => {
  const { port, routes, env, onStop } = options
  const child = startPinned(CORES.gateway, command, env)
  const stop = async () => {
    await child.stop()
    await onStop?.()
  }
  try {
    await Promise.race([untilServing(port, `/r${routes - 1}/item`), child.failed])
  } catch (error) {
    await stop()
    throw error
  }
  return { port, pid: child.pid, stop }
}
