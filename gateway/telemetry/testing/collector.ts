import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** An export as a collector got it. */
export interface Export {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** A collector that keeps what it gets, and answers once `answering` has come. */
export const startCollector = async (answering: Promise<void> = Promise.resolve()) => {
  const exports: Export[] = []
  const server = createServer(async (req, res) => {
    exports.push({ path: req.url ?? '', headers: req.headers, body: await json(req) })
    await answering
    res.setHeader('content-type', 'application/json').end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    exports,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
