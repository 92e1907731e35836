import { createServer, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'

const { POD_NAME = 'local', VERSION = 'v1', PORT = '8080' } = process.env

const readBytes = async (request: IncomingMessage): Promise<number> => {
  let bytes = 0
  for await (const chunk of request) bytes += (chunk as Buffer).length
  return bytes
}

const toNumber = (value: string | string[] | undefined, fallback: number): number =>
  typeof value === 'string' && value !== '' ? Number(value) : fallback

/**
 * Answers what it was asked. `x-echo-status` and `x-echo-delay` (milliseconds) say how; WebSocket
 * messages come back as they are.
 */
const server = createServer(async (request, response) => {
  const { headers, method, url } = request
  try {
    const bytes = await readBytes(request)
    await sleep(toNumber(headers['x-echo-delay'], 0))
    const echo = { method, path: url, host: headers.host, headers, bytes }
    response.statusCode = toNumber(headers['x-echo-status'], 200)
    response.setHeader('content-type', 'application/json')
    // In place of a provider of models: else it would be no answer.
    const answer = url?.endsWith('/chat/completions') && { choices: [{}] }
    response.end(JSON.stringify({ ...echo, pod: POD_NAME, version: VERSION, ...answer }))
  } catch {
    response.destroy() // the client went away
  }
})
// Longer than any client keeps a connection, so that no request meets one that closes.
server.keepAliveTimeout = 600_000
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
})
server.listen(Number(PORT))
process.once('SIGTERM', () => {
  server.close()
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 1000).unref()
})
