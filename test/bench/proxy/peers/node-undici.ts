import { join } from 'node:path'
import { findFreePort } from '../../processes.ts'
import { startPeer } from '../../start-peer.ts'
import { type Peer, servesLast } from './peer.ts'

const ENTRY = join(import.meta.dirname, 'node-undici/main.ts')

/** A bare proxy of Node's http server and undici: what a gateway in Node starts from. */
export const nodeUndici: Peer = {
  name: 'node-undici',
  missing: () => undefined,
  async start({ upstreamPort, routes, nodeOptions }) {
    const port = await findFreePort()
    const args = [port, upstreamPort, routes].map(String)
    return startPeer([process.execPath, ...nodeOptions, ENTRY, ...args], {
      port,
      ready: servesLast(routes),
    })
  },
}
