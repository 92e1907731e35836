import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort, findProgram } from '../../processes.ts'
import { startPeer } from '../../start-peer.ts'
import { type Peer, servesLast } from './peer.ts'

/** Without limits that would close a connection in the middle of a run. */
const toConfig = (port: number, upstreamPort: number, routes: number): string => {
  const locations = Array.from(
    { length: routes },
    (_, i) => `location /r${i}/ { proxy_pass http://backend; }`,
  )
  return `
    daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log stderr error;
    events { worker_connections 4096; }
    http {
      access_log off; server_tokens off; keepalive_requests 1000000000; keepalive_timeout 300;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      upstream backend {
        server 127.0.0.1:${upstreamPort};
        keepalive 128; keepalive_requests 1000000000; keepalive_timeout 300;
      }
      server {
        listen 127.0.0.1:${port} backlog=4096;
        proxy_http_version 1.1; proxy_set_header Connection "";
        ${locations.join('\n')}
      }
    }`
}

export const nginx: Peer = {
  name: 'nginx',
  missing: () => (findProgram('nginx') ? undefined : 'apt-get install nginx-light'),
  async start({ upstreamPort, routes, folder }) {
    const port = await findFreePort()
    const file = join(folder, 'nginx.conf')
    await writeFile(file, toConfig(port, upstreamPort, routes))
    const command = [findProgram('nginx') ?? 'nginx', '-p', folder, '-c', file, '-e', 'stderr']
    return startPeer(command, { port, ready: servesLast(routes) })
  },
}
