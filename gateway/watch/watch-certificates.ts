import type { KubeClient } from '#lib/kube/client.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { secrets } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'
import { type Certificates, createCertificateStore, type TlsSecret } from './certificate-store.ts'

/**
 * Follows the Secrets of type `kubernetes.io/tls` in the gateway's namespace; a rotated one counts
 * from the next handshake on, one that cannot be read leaves the last good one in place.
 */
export const watchCertificates = (
  client: KubeClient,
  namespace: string,
  log: Log,
): Certificates & { reflector: Reflector } => {
  const store = createCertificateStore()
  const set = (secret: TlsSecret): void => {
    try {
      store.set(secret)
    } catch (error) {
      const { message } = error as Error
      log.error({ secret: secret.metadata.name, reason: message }, 'certificate not read')
    }
  }
  const reflector = startReflector<TlsSecret>({
    client,
    type: secrets,
    select: { namespace, fieldSelector: 'type=kubernetes.io/tls' },
    onReplace(list) {
      const names = new Set(list.map(({ metadata }) => metadata.name))
      for (const name of store.secretNames()) if (!names.has(name)) store.delete(name)
      for (const secret of list) set(secret)
    },
    onChange: set,
    onDelete: ({ metadata }) => store.delete(metadata.name),
    onError: (error) => log.warn({ err: error }, 'certificates not watched'),
  })
  return { reflector, find: store.find }
}
