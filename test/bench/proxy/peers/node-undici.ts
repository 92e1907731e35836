import { join } from 'node:path'
import { findFreePort } from '../../processes.ts'
import type { Peer } from './peer.ts'
import { startPeer } from './start-peer.ts'

const ENTRY = join(import.meta.dirname, 'node-undici/main.ts')

/** A bare proxy of Node's http server and undici: what a gateway in Node starts from. */
export const nodeUndici: Peer = {
  name: 'node-undici',
  missing: () => undefined,
  async start({ upstreamPort, routes }) {
    const port = await findFreePort()
    const command = [process.execPath, ENTRY, String(port), String(upstreamPort), String(routes)]
    return startPeer(command, { port, routes })
  },
}
