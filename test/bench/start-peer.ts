import { request } from 'undici'
import { startPinned } from './processes.ts'

/** Where the processes run: the one under test has a core of its own. */
export const CORES = { gateway: 0, load: 1 } as const

/** A peer that answers. */
export interface RunningPeer {
  readonly port: number
  /** The process under test; undefined where there is none. */
  readonly pid: number | undefined
  /** May be called again. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 120_000

const readStatus = async (port: number, path: string): Promise<number> => {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`)
    await body.dump()
    return statusCode
  } catch {
    return 0
  }
}

/** @throws Error when `path` is not answered with that status in time. */
export const untilServing = async (port: number, path: string, status = 200): Promise<void> => {
  const until = performance.now() + READY_WITHIN_MS
  while (performance.now() < until) {
    if ((await readStatus(port, path)) === status) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`port ${port} does not serve ${path}`)
}

/** How it is known that a gateway serves. */
export interface Readiness {
  readonly path: string
  readonly status: number
}

/** Starts a gateway on the core of its own and waits until it serves. */
export const startPeer = async (
  command: readonly string[],
  options: {
    readonly port: number
    readonly ready: Readiness
    readonly env?: Readonly<Record<string, string>>
    /** What else ends with the peer. */
    readonly onStop?: () => Promise<void>
  },
): Promise<RunningPeer> => {
  const { port, ready, env, onStop } = options
  const child = startPinned(CORES.gateway, command, env)
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= child.stop().then(onStop)
    return stopped
  }
  try {
    await Promise.race([untilServing(port, ready.path, ready.status), child.failed])
  } catch (error) {
    await stop()
    throw error
  }
  return { port, pid: child.pid, stop }
}
