import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Dispatcher, Pool } from 'undici'

/** What one writes first: Node's server, undici's pool, a map of routes. Arguments: port, upstream, routes. */
const [port = 0, upstreamPort = 0, routes = 0] = process.argv.slice(2).map(Number)

const pool = new Pool(`http://127.0.0.1:${upstreamPort}`)
const prefixes = new Set(Array.from({ length: routes }, (_, i) => `r${i}`))
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

const endToEnd = (raw: readonly string[]): string[] => {
  const kept: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as string
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, raw[i + 1] as string)
  }
  return kept
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

const fail = (response: ServerResponse): void => {
  if (response.headersSent) response.destroy()
  else response.writeHead(502).end()
}

const proxy = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const abort = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) abort.abort()
  })
  const options = {
    path: incoming.url ?? '/',
    method: (incoming.method ?? 'GET') as Dispatcher.HttpMethod,
    headers: endToEnd(incoming.rawHeaders),
    body: hasBody(incoming) ? incoming : null,
    signal: abort.signal,
    responseHeaders: 'raw' as const,
  }
  await pool.stream(options, ({ statusCode, headers }) => {
    response.writeHead(statusCode, endToEnd(headers as unknown as string[]))
    return response
  })
}

createServer((incoming, response) => {
  const segment = incoming.url?.split('/', 2)[1] ?? ''
  if (!prefixes.has(segment)) response.writeHead(404).end()
  else proxy(incoming, response).catch(() => fail(response))
}).listen(port, '127.0.0.1')
