import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EchoBackend {
  readonly port: number
  close(): Promise<void>
}

/** A backend that answers with the request as it got it, for samples and first steps. */
export const startEchoBackend = async (port: number): Promise<EchoBackend> => {
  const server = createServer((request, response) => {
    const { method, url: path, headers } = request
    const body = JSON.stringify({ method, path, headers }, null, 2)
    response.setHeader('content-type', 'application/json')
    response.end(`${body}\n`)
    request.resume()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
