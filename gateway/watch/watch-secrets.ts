import type { KubeClient } from '#lib/kube/client.ts'
import { isForbidden } from '#lib/kube/error.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { type KubeObject, secrets } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'
import type { Secret, SecretBook } from '../link/secret-book.ts'

export interface SecretWatchesOptions {
  readonly client: KubeClient
  readonly book: Pick<SecretBook, 'set' | 'delete' | 'names' | 'setForbidden'>
  /** A Secret came, changed or went; `secret` is undefined for one that went. */
  onChange(namespace: string, name: string, secret: Secret | undefined): void
  /** The Secrets of a namespace may no longer be read, or may again. */
  onPermission(namespace: string): void
  readonly log: Log
}

/** Follows the Secrets of type Opaque, namespace by namespace as they are wanted. */
export interface SecretWatches {
  /** Follows this namespace from now on. */
  follow(namespace: string): void
  /** Settles once the Secrets of every namespace followed so far are known, or refused. */
  synced(): Promise<void>
  stop(): Promise<void>
}

/** Of Secrets that were known: one of the watch, and two of the list. */
const MAX_REFUSALS = 3

interface Watch {
  readonly reflector: Reflector
  readonly known: Promise<void>
}

export const createSecretWatches = (options: SecretWatchesOptions): SecretWatches => {
  const { client, book, onChange, onPermission, log } = options
  const watches = new Map<string, Watch>()

  const set = (secret: Secret): void => {
    const { namespace = '', name } = secret.metadata
    book.set(secret)
    onChange(namespace, name, secret)
  }
  const remove = (secret: KubeObject): void => {
    const { namespace = '', name } = secret.metadata
    book.delete(secret)
    onChange(namespace, name, undefined)
  }

  const setForbidden = (namespace: string, isForbidden: boolean): void => {
    if (book.setForbidden(namespace, isForbidden)) onPermission(namespace)
  }

  const start = (namespace: string): Watch => {
    const refused = Promise.withResolvers<void>()
    let isKnown = false
    let refusals = 0
    const reflector = startReflector<Secret>({
      client,
      type: secrets,
      // Credentials are of this type; the rest, such as Helm's releases, may be large.
      select: { namespace, fieldSelector: 'type=Opaque' },
      onReplace(list) {
        isKnown = true
        refusals = 0
        setForbidden(namespace, false)
        const names = new Set(list.map(({ metadata }) => metadata.name))
        for (const name of book.names(namespace)) {
          if (names.has(name)) continue
          remove({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } })
        }
        for (const secret of list) set(secret)
      },
      onChange: set,
      onDelete: remove,
      onError(error) {
        if (!isForbidden(error)) log.warn({ err: error, namespace }, 'Secrets not watched')
        else {
          refusals += 1
          // A server that has just started may not know yet what is allowed.
          if (!isKnown || refusals >= MAX_REFUSALS) setForbidden(namespace, true)
          refused.resolve()
        }
      },
    })
    return { reflector, known: Promise.race([reflector.synced, refused.promise]) }
  }

  return {
    follow(namespace) {
      if (!watches.has(namespace)) watches.set(namespace, start(namespace))
    },
    synced: async () => void (await Promise.all([...watches.values()].map(({ known }) => known))),
    stop: async () =>
      void (await Promise.all([...watches.values()].map(({ reflector }) => reflector.stop()))),
  }
}
