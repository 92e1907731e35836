import { Agent, request } from 'undici'
import type { EventMessage } from './cloud-event.ts'

/** The sink answered, but not with 2xx. */
export class SinkError extends Error {
  readonly status: number

  constructor(status: number) {
    super(`the sink answered ${status}`)
    this.name = 'SinkError'
    this.status = status
  }
}

export interface HttpSinkOptions {
  /** Where to POST: `K_SINK`, as a SinkBinding sets it. */
  readonly url: string
  /** Sent as `Kn-Namespace`, as Knative's sources do. */
  readonly namespace?: string | undefined
  readonly connections?: number
  /** Until the answer begins. A Broker may answer only after its subscribers did. */
  readonly timeoutMs?: number
}

/** A sink with connections of its own. */
export interface HttpSink {
  /** Resolves once the event is accepted. @throws SinkError, or what broke the connection. */
  send(message: EventMessage): Promise<void>
  /** Fails what is in flight. */
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5000

/** Sends events over HTTP to an addressable: a Broker, a Channel, a Service. */
export const createHttpSink = (options: HttpSinkOptions): HttpSink => {
  const { url, namespace, connections = 32, timeoutMs = 60_000 } = options
  const dispatcher = new Agent({ connections, connect: { timeout: CONNECT_TIMEOUT_MS } })
  const extra = namespace ? { 'kn-namespace': namespace } : {}
  return {
    async send({ headers, body }) {
      const response = await request(url, {
        dispatcher,
        method: 'POST',
        headers: { ...headers, ...extra },
        body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      })
      await response.body.dump()
      if (response.statusCode < 200 || response.statusCode > 299) {
        throw new SinkError(response.statusCode)
      }
    },
    close: () => dispatcher.destroy(),
  }
}
