import { Agent, type Dispatcher, request } from 'undici'
import { KubeError, toKubeError } from './error.ts'
import type { Cluster } from './kubeconfig.ts'

const REQUEST_TIMEOUT_MS = 30_000
/** Bound tokens are rotated long before they expire. */
const TOKEN_CACHE_MS = 30_000

/** One HTTP call to the API server. */
export interface Call {
  readonly path: string
  readonly method?: Dispatcher.HttpMethod
  readonly query?: Record<string, string | undefined>
  readonly body?: object
  readonly contentType?: string
  readonly accept?: string
}

/** Authenticated HTTP to one API server. Every method throws {@link KubeError}. */
export interface Transport {
  /** @returns the parsed JSON body. */
  send<T>(call: Call): Promise<T>
  /** @returns the body as it comes; it fails after `idleMs` without a byte. */
  stream(call: Call, signal: AbortSignal, idleMs: number): Promise<AsyncIterable<Uint8Array>>
  close(): Promise<void>
}

const createAgent = (cluster: Cluster): Agent =>
  new Agent({
    connections: 64,
    // A watch must not share flow control, nor a lost connection, with other calls.
    allowH2: false,
    keepAliveTimeout: 60_000,
    connect: {
      rejectUnauthorized: cluster.insecure !== true,
      ...(cluster.ca && { ca: cluster.ca }),
      ...(cluster.clientCert && { cert: cluster.clientCert }),
      ...(cluster.clientKey && { key: cluster.clientKey }),
    },
  })

const createAuthorization = (cluster: Cluster) => {
  let value = ''
  let readAt = Number.NEGATIVE_INFINITY
  return {
    headers(): Record<string, string> {
      if (!cluster.token) return {}
      const now = performance.now()
      if (now - readAt > TOKEN_CACHE_MS) {
        value = `Bearer ${cluster.token()}`
        readAt = now
      }
      return { authorization: value }
    },
    /** The server refused it: the next call reads it anew. */
    forget(): void {
      readAt = Number.NEGATIVE_INFINITY
    },
  }
}

const toUrl = (server: string, { path, query = {} }: Call): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, value)
  }
  return search.size === 0 ? server + path : `${server}${path}?${search}`
}

/** A failure below HTTP, as a {@link KubeError}. */
export const toTransportError = (cause: unknown): KubeError =>
  cause instanceof KubeError
    ? cause
    : new KubeError('API server unreachable', { status: 0, reason: 'Unreachable', cause })

/** Opens connections of its own to the API server of `cluster`. */
export const createTransport = (cluster: Cluster): Transport => {
  const agent = createAgent(cluster)
  const authorization = createAuthorization(cluster)

  const open = async (call: Call, bodyTimeout: number, signal?: AbortSignal) => {
    const response = await request(toUrl(cluster.server, call), {
      dispatcher: agent,
      method: call.method ?? 'GET',
      headers: {
        accept: call.accept ?? 'application/json',
        ...authorization.headers(),
        ...(call.body && { 'content-type': call.contentType ?? 'application/json' }),
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      ...(signal && { signal }),
      headersTimeout: REQUEST_TIMEOUT_MS,
      bodyTimeout,
    })
    if (response.statusCode < 400) return response.body
    if (response.statusCode === 401) authorization.forget()
    throw toKubeError(response.statusCode, await response.body.text())
  }

  return {
    async send<T>(call: Call) {
      try {
        return (await (await open(call, REQUEST_TIMEOUT_MS)).json()) as T
      } catch (error) {
        throw toTransportError(error)
      }
    },
    async stream(call, signal, idleMs) {
      try {
        return await open(call, idleMs, signal)
      } catch (error) {
        throw toTransportError(error)
      }
    },
    close: () => agent.destroy(),
  }
}
