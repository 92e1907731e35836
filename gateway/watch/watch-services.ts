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

export interface ServiceWatch extends Reflector {
  /** Settles once all Services are known, or that there are none of this kind. */
  readonly known: Promise<void>
}

/** Keeps the addresses of one kind of Service, and links anew the routes that name one. */
export const watchServices = (kind: ServiceKind, options: WatchServicesOptions): ServiceWatch => {
  const absent = Promise.withResolvers<void>()
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

  const reflector = startReflector<KubeObject>({
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
      if (kind === 'KnativeService' && isNotFound(error)) absent.resolve()
      else log.warn({ err: error, kind }, 'services not watched')
    },
  })
  return { ...reflector, known: Promise.race([reflector.synced, absent.promise]) }
}
