import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort, findProgram, startPinned } from '../processes.ts'
import { CORES, untilServing } from '../start-peer.ts'

const BODY_BYTES = 1024

const toConfig = (port: number): string => `
  daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log stderr error;
  events { worker_connections 4096; }
  http {
    access_log off; server_tokens off; keepalive_requests 1000000000; keepalive_timeout 300;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {
      listen 127.0.0.1:${port} backlog=4096;
      default_type application/json;
      location / { return 200 "${'x'.repeat(BODY_BYTES)}"; }
    }
  }`

/** What every peer proxies to: an nginx that answers anything with 1 KB, beside the load generator. */
export const startUpstream = async (parent: string) => {
  const program = findProgram('nginx')
  if (!program) throw new Error('the upstream is an nginx: apt-get install nginx-light')
  const folder = join(parent, 'upstream')
  await mkdir(folder)
  const port = await findFreePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, toConfig(port))
  const child = startPinned(CORES.load, [program, '-p', folder, '-c', file, '-e', 'stderr'])
  await Promise.race([untilServing(port, '/'), child.failed])
  return { port, stop: () => child.stop() }
}
