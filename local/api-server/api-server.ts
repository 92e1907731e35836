import { createTokenCheck } from './auth.ts'
import { bootstrap } from './bootstrap.ts'
import { Documents } from './discovery/documents.ts'
import { DeleteHandlers } from './http/delete-handlers.ts'
import { listen } from './http/listener.ts'
import { ObjectHandlers } from './http/object-handlers.ts'
import { createRouter } from './http/router.ts'
import { WriteHandlers } from './http/write-handlers.ts'
import { renderKubeconfig } from './kubeconfig.ts'
import { WatchHub } from './read/watch.ts'
import { Registry } from './registry/registry.ts'
import { Store } from './storage/store.ts'
import { loadCertificate } from './tls/load-certificate.ts'
import { startEventExpiry } from './write/event-expiry.ts'
import { Remover } from './write/remover.ts'
import { ObjectWriter } from './write/writer.ts'

/** What the API server is started with. */
export interface ApiServerOptions {
  /** Path of the SQLite database, or `:memory:`. */
  file: string
  /** The bearer token; whoever has it may do all. */
  token: string
  /** 0, the default, takes a free port. */
  port?: number
  host?: '127.0.0.1'
  /** How many events a watch can go back; 10,000 unless given. */
  eventWindow?: number
}

/** A running API server. */
export interface ApiServer {
  /** `http://127.0.0.1:<port>`; the same port speaks https too, for kubectl. */
  readonly url: string
  readonly port: number
  /** A kubeconfig for kubectl and other clients, as YAML. It holds the token. */
  kubeconfig(): string
  /** Ends watches and connections and closes the database. */
  close(): Promise<void>
}

/**
 * Starts a Kubernetes-compatible API server for one machine: no cluster, objects in SQLite.
 * @throws when the port is taken or the database is open elsewhere
 */
export const startApiServer = async (options: ApiServerOptions): Promise<ApiServer> => {
  const { token, host = '127.0.0.1', eventWindow = 10_000 } = options
  if (!token) throw new TypeError('a token is needed')
  const store = new Store(options.file, eventWindow)
  const registry = new Registry(store)
  const remover = new Remover(store)
  const writer = new ObjectWriter(store, remover)
  const hub = new WatchHub(store)
  bootstrap(store, registry, writer)
  const handle = createRouter({
    registry,
    documents: new Documents(registry),
    objects: new ObjectHandlers({
      store,
      hub,
      writes: new WriteHandlers(writer),
      deletes: new DeleteHandlers(store, remover),
    }),
    isToken: createTokenCheck(token),
  })
  try {
    const certificate = loadCertificate(store)
    const listener = await listen(handle, { host, port: options.port ?? 0 }, certificate)
    const { port } = listener
    const stopExpiry = startEventExpiry(store, remover)
    return {
      url: `http://${host}:${port}`,
      port,
      kubeconfig: () => renderKubeconfig({ port, token, cert: certificate.cert }),
      close: async () => {
        stopExpiry()
        hub.close()
        await listener.close()
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}
