import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type ProviderMockOptions, startProviderMock } from '../provider-mock.ts'

export interface SendOptions {
  readonly headers?: Record<string, string>
  readonly signal?: AbortSignal
}

/** A credential that every provider takes, and what Anthropic wants beside it. */
export const CREDENTIALS = {
  authorization: 'Bearer key',
  'x-api-key': 'key',
  'x-goog-api-key': 'key',
  'anthropic-version': '2023-06-01',
}

/** For a poll on a machine that has much else to do. */
export const PATIENTLY = { timeout: 5000 }

/** Starts a mock and a client for it, for tests. */
export const startTestMock = async (options: Partial<ProviderMockOptions> = {}) => {
  const mock = await startProviderMock({ port: 0, ...options })
  const send = (path: string, body: unknown, { headers = CREDENTIALS, signal }: SendOptions = {}) =>
    fetch(mock.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      signal: signal ?? null,
    })
  /** The body in the pieces in which it came; `fetch` would join what waits. */
  const receive = async (path: string, body: object): Promise<Buffer[]> => {
    const sent = request(mock.url + path, { method: 'POST', headers: CREDENTIALS })
    sent.end(JSON.stringify(body))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const pieces: Buffer[] = []
    response.on('data', (piece: Buffer) => pieces.push(piece))
    await once(response, 'end')
    return pieces
  }
  return { ...mock, send, receive, [Symbol.asyncDispose]: mock.close }
}

/** All bytes of a body that came before it broke off, and whether it did. */
export const readBroken = async (response: Response) => {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of response.body ?? []) pieces.push(piece)
    return { bytes: Buffer.concat(pieces), isBroken: false }
  } catch {
    return { bytes: Buffer.concat(pieces), isBroken: true }
  }
}
