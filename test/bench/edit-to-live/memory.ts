import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readResidentBytes } from '../processes.ts'
import { penstock } from '../proxy/peers/penstock.ts'

/** Resident memory of a gateway by itself. */
export interface MemoryResult {
  readonly routes: number
  readonly bytes: number
  /** What it has more than a gateway with ten routes, for each route. */
  readonly bytesPerRoute: number
}

const FEW = 10
/** Nobody listens there, and nobody needs to: the routes are only loaded. */
const UPSTREAM_PORT = 9

const measureGateway = async (routes: number): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'penstock-bench-'))
  try {
    const gateway = await penstock.start({
      routes,
      folder,
      upstreamPort: UPSTREAM_PORT,
      nodeOptions: [],
      readyStatus: 503,
    })
    const bytes = readResidentBytes(gateway.pid ?? 0)
    await gateway.stop()
    return bytes
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Starts a gateway with few routes and one with so many; VmRSS of /proc once it serves the last. */
export const measureMemory = async (routes: number): Promise<MemoryResult> => {
  const few = await measureGateway(FEW)
  const bytes = await measureGateway(routes)
  return { routes, bytes, bytesPerRoute: (bytes - few) / (routes - FEW) }
}
