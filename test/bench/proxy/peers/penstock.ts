import { encodeFragment } from '#config/compiled/fragment.ts'
import { compileRoute } from '#functions/route-compile/compile.ts'
import { forEachLimited } from '#lib/for-each.ts'
import type { KubeClient } from '#lib/kube/client.ts'
import { configMaps } from '#lib/kube/types.ts'
import { NAMESPACE, prepareGateway, toFragment } from '../../penstock-process.ts'
import { startPeer } from '../../start-peer.ts'
import { type Peer, servesLast } from './peer.ts'

const WRITERS = 16

const writeFragments = async (client: KubeClient, routes: number, upstreamPort: number) => {
  const indexes = Array.from({ length: routes }, (_, index) => index)
  await forEachLimited(indexes, WRITERS, async (index) => {
    const spec = {
      matches: [{ path: { type: 'PathPrefix', value: `/r${index}` } }],
      backendRefs: [{ url: `http://127.0.0.1:${upstreamPort}` }],
    }
    const fragment = toFragment('APIRoute', `r${index}`, spec, compileRoute)
    await client.create(configMaps, encodeFragment(fragment, NAMESPACE))
  })
}

/** The gateway as it is, in a process of its own, with the fragments of so many routes. */
export const penstock: Peer = {
  name: 'penstock',
  missing: () => undefined,
  async start({ upstreamPort, routes, folder, nodeOptions, readyStatus }) {
    const gateway = await prepareGateway(folder, nodeOptions, (client) =>
      writeFragments(client, routes, upstreamPort),
    )
    const { command, port, env, onStop } = gateway
    return startPeer(command, { port, ready: servesLast(routes, readyStatus), env, onStop })
  },
}
