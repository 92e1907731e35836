import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDirector } from './director.ts'
import { createPlanCache } from './plan-cache.ts'
import { play } from './play.ts'
import { addSeen, createEntry, type SeenEntry, type SeenRequest } from './seen-log.ts'
import { toSteeringText } from './steering.ts'

/** Longer than any client keeps its own, so that none meets a connection that is just closing. */
const KEEP_ALIVE_MS = 600_000

export interface ProviderMockOptions {
  readonly port: number
  readonly host?: string
  /** Whether a request needs a credential, as with the real providers. Default: true. */
  readonly requireCredential?: boolean
}

/** A server that plays the paid LLM providers. */
export interface ProviderMock {
  readonly port: number
  readonly url: string
  /** The last hundred requests, the newest at the end. */
  readonly seen: readonly SeenRequest[]
  /** Forgets the requests seen and how often each fault was met. */
  reset(): void
  close(): Promise<void>
}

/**
 * Starts OpenAI, Anthropic, Gemini, Bedrock and Cohere on one port, told apart by path. Answers are
 * the same for the same request. Headers `x-mock-<key>` or a query after the model's name steer
 * them, faults included; see `steering.ts` for the keys. What the model's name says comes first.
 */
export const startProviderMock = async ({
  port,
  host = '127.0.0.1',
  requireCredential = true,
}: ProviderMockOptions): Promise<ProviderMock> => {
  const seen: SeenEntry[] = []
  const plan = createPlanCache()
  const director = createDirector(requireCredential)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const entry = createEntry(request)
    let isOver = false
    response.on('error', () => undefined)
    response.on('close', () => {
      entry.aborted = !(isOver || response.writableFinished)
    })
    const body = await readText(request)
    addSeen(seen, entry)
    if (body === undefined) return
    entry.text = body
    const { method, path: url, headers } = entry
    const question = { method, url, steering: toSteeringText(headers), body }
    const script = director.choose(plan(question), headers)
    await play(response, script)
    if (script.ending !== 'cut' || response.destroyed) return
    isOver = true
    response.destroy()
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // A bug of the mock, not one of the faults it plays: whoever waits has to see it.
    answer(request, response).catch((error) => response.writeHead(500).end(`mock: ${error}`))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    port: address.port,
    url: `http://${host}:${address.port}`,
    seen,
    reset() {
      seen.length = 0
      director.reset()
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The whole body; undefined when the client left within it. */
const readText = (request: IncomingMessage): Promise<string | undefined> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString()))
    request.on('error', () => resolve(undefined))
    request.on('close', () => resolve(undefined))
  })
