import { X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { KubeObject } from '#lib/kube/types.ts'

/** The part of a Secret of type `kubernetes.io/tls` that is used here. */
export interface TlsSecret extends KubeObject {
  data?: { 'tls.crt'?: string; 'tls.key'?: string }
}

/** Certificates of the TLS listener, by server name. */
export interface Certificates {
  find(serverName: string): SecureContext | undefined
}

/** Certificates by the Secrets they come from. */
export interface CertificateStore extends Certificates {
  /** @throws Error for one that cannot be read; then the last good one stays. */
  set(secret: TlsSecret): void
  delete(secretName: string): void
  secretNames(): string[]
}

interface Certificate {
  readonly names: readonly string[]
  readonly context: SecureContext
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

export const createCertificateStore = (): CertificateStore => {
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
  return {
    set(secret) {
      certificates.set(secret.metadata.name, toCertificate(secret))
      index()
    },
    delete(secretName) {
      if (certificates.delete(secretName)) index()
    },
    secretNames: () => [...certificates.keys()],
    find(serverName) {
      const name = serverName.toLowerCase()
      // A wildcard stands for one label (RFC 9525 §6.3).
      return byName.get(name) ?? byName.get(name.replace(/^[^.]+/, '*'))
    },
  }
}
