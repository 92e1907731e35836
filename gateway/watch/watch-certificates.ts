import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { KubeClient } from '#lib/kube/client.ts'
import { type Reflector, startReflector } from '#lib/kube/reflector.ts'
import { type KubeObject, secrets } from '#lib/kube/types.ts'
import type { Log } from '#lib/telemetry/log.ts'

interface TlsSecret extends KubeObject {
  data?: { 'tls.crt'?: string; 'tls.key'?: string }
}

interface Certificate {
  readonly names: readonly string[]
  readonly context: SecureContext
}

/** Certificates of the TLS listener, by server name. */
export interface Certificates {
  find(serverName: string): SecureContext | undefined
}

/** DNS names of a certificate, lower case. */
const namesOf = (pem: string): string[] => {
  const { subjectAltName = '' } = new X509Certificate(pem)
  return Array.from(subjectAltName.matchAll(/DNS:([^,\s]+)/g), ([, name = '']) =>
    name.toLowerCase(),
  )
}

const toCertificate = ({ data }: TlsSecret): Certificate => {
  const cert = Buffer.from(data?.['tls.crt'] ?? '', 'base64').toString()
  const key = Buffer.from(data?.['tls.key'] ?? '', 'base64').toString()
  return {
    names: namesOf(cert),
    context: createSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
  }
}

/**
 * Follows the Secrets of type `kubernetes.io/tls` in the gateway's namespace; a rotated one counts
 * from the next handshake on, one that cannot be read leaves the last good one in place.
 */
export const watchCertificates = (
  client: KubeClient,
  namespace: string,
  log: Log,
): Certificates & { reflector: Reflector } => {
  const certificates = new Map<string, Certificate>()
  const byName = new Map<string, SecureContext>()

  const index = (): void => {
    byName.clear()
    // By Secret name, so that of two for one host always the same is chosen.
    for (const secret of [...certificates.keys()].sort().reverse()) {
      const { names = [], context } = certificates.get(secret) ?? {}
      for (const name of names) if (context) byName.set(name, context)
    }
  }
  const set = (secret: TlsSecret): void => {
    try {
      certificates.set(secret.metadata.name, toCertificate(secret))
      index()
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
      for (const name of certificates.keys()) if (!names.has(name)) certificates.delete(name)
      for (const secret of list) set(secret)
      index()
    },
    onChange: set,
    onDelete(secret) {
      certificates.delete(secret.metadata.name)
      index()
    },
    onError: (error) => log.warn({ err: error }, 'certificates not watched'),
  })
  return {
    reflector,
    find(serverName) {
      const name = serverName.toLowerCase()
      return byName.get(name) ?? byName.get(name.replace(/^[^.]+/, '*'))
    },
  }
}
