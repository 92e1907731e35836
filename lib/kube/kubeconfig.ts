import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'

/** How to reach an API server and who to be there. Certificates and keys are PEM text. */
export interface Cluster {
  readonly server: string
  readonly ca?: string
  readonly insecure?: boolean
  readonly clientCert?: string
  readonly clientKey?: string
  /** Reads the bearer token anew: bound service account tokens rotate. */
  readonly token?: () => string
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

interface KubeconfigFile {
  'current-context'?: string
  contexts?: { name: string; context?: { cluster: string; user: string } }[]
  clusters?: { name: string; cluster?: Record<string, string | boolean> }[]
  users?: { name: string; user?: Record<string, string> }[]
}

/** Reads the certificates and keys of kubeconfig entries, whose paths are relative to `folder`. */
const createPemReader =
  (folder: string) =>
  (entry: Record<string, unknown>, key: string): string | undefined => {
    const data = entry[`${key}-data`]
    if (typeof data === 'string') return Buffer.from(data, 'base64').toString('utf8')
    const file = entry[key]
    return typeof file === 'string' ? readFileSync(resolve(folder, file), 'utf8') : undefined
  }

/** The set values of an object: optional properties must be absent, not undefined. */
const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

/**
 * The current context of a kubeconfig.
 * @param folder what paths in it are relative to
 * @throws Error when the file names nothing usable; `exec` plugins are not supported.
 */
export const parseKubeconfig = (text: string, folder = '.'): Cluster => {
  const file = (parse(text) ?? {}) as KubeconfigFile
  const context = file.contexts?.find((entry) => entry.name === file['current-context'])?.context
  const cluster = file.clusters?.find((entry) => entry.name === context?.cluster)?.cluster
  const user = file.users?.find((entry) => entry.name === context?.user)?.user ?? {}
  if (typeof cluster?.server !== 'string') throw new Error('kubeconfig: no current cluster')
  if ('exec' in user) throw new Error('kubeconfig: users.user.exec is not supported')
  const { token, tokenFile } = user
  // As in kubectl, the file wins: it is the one that is renewed.
  const readToken = tokenFile
    ? () => readFileSync(resolve(folder, tokenFile), 'utf8').trim()
    : () => token ?? ''
  const pem = createPemReader(folder)
  return {
    server: cluster.server.replace(/\/$/, ''),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    ...defined({
      ca: pem(cluster, 'certificate-authority'),
      clientCert: pem(user, 'client-certificate'),
      clientKey: pem(user, 'client-key'),
      token: token || tokenFile ? readToken : undefined,
    }),
  }
}

/** The cluster of a kubeconfig file, or else the one this pod runs in. */
export const loadCluster = (kubeconfig: string | undefined): Cluster => {
  if (kubeconfig) return parseKubeconfig(readFileSync(kubeconfig, 'utf8'), dirname(kubeconfig))
  if (!existsSync(`${SERVICE_ACCOUNT}/token`)) {
    throw new Error('KUBECONFIG is not set and this is not a pod with a service account')
  }
  return {
    server: 'https://kubernetes.default.svc',
    ca: readFileSync(`${SERVICE_ACCOUNT}/ca.crt`, 'utf8'),
    token: () => readFileSync(`${SERVICE_ACCOUNT}/token`, 'utf8').trim(),
  }
}
