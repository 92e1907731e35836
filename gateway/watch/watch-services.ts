import type { KubeClient } from '#lib/kube/client.ts'
import { isNotFound } from '#lib/kube/error.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { type KubeObject, knativeServices, services } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { type AddressBook, type ServiceKind, toServiceKey } from '../link/address-book.ts'
import type { LiveConfig } from '../link/live-config.ts'

export interface WatchServicesOptions {
  readonly client: KubeClient
  readonly addresses: AddressBook
  readonly config: LiveConfig
  readonly log: Log
}

const TYPES = { Service: services, KnativeService: knativeServices }

/** Keeps the addresses of one kind of Service, and links anew the routes that name one. */
export const watchServices = (kind: ServiceKind, options: WatchServicesOptions): Reflector => {
  const { client, addresses, config, log } = options
  const keyOf = ({ metadata }: KubeObject) =>
    toServiceKey(kind, metadata.namespace ?? '', metadata.name)

  const set = (service: KubeObject): void => {
    addresses.set(kind, service)
    config.relink(keyOf(service))
  }
  const remove = (service: KubeObject): void => {
    addresses.delete(kind, service)
    config.relink(keyOf(service))
  }

  return startReflector<KubeObject>({
    client,
    type: TYPES[kind],
    onReplace(list) {
      const gone = new Set(addresses.names(kind))
      for (const service of list) {
        gone.delete(keyOf(service))
        set(service)
      }
      for (const key of gone) {
        const [, namespace = '', name = ''] = key.split('/')
        remove({ apiVersion: '', kind: '', metadata: { namespace, name } })
      }
    },
    onChange: set,
    onDelete: remove,
    onError(error) {
      // Without Knative Serving there is nothing to watch, and that is fine.
      if (kind === 'KnativeService' && isNotFound(error)) return
      log.warn({ err: error, kind }, 'services not watched')
    },
  })
}
