import { Agent, request } from 'undici'
import type { EventMessage } from './cloud-event.ts'

const TIMEOUT_MS = 30_000

/** Sends events to a sink, such as a Broker; rejects when one was not accepted with 2xx. */
export const createPublisher = (sink: string) => {
  const dispatcher = new Agent({ connections: 8, keepAliveTimeout: 30_000 })
  return async ({ headers, body }: EventMessage): Promise<void> => {
    const response = await request(sink, {
      method: 'POST',
      headers,
      body,
      dispatcher,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
    })
    await response.body.dump()
    if (response.statusCode >= 300) throw new Error(`sink answered ${response.statusCode}`)
  }
}
