import type { CompiledBackend } from '#config/compiled/api-route.ts'
import type { Problem } from '#config/compiled/events.ts'
import type { KubeObject } from '#lib/kube/types.ts'
import type { UpstreamTarget } from '../upstream/http1/contract.ts'

/** The part of a core Service that is used here. */
export interface Service extends KubeObject {
  spec?: {
    type?: string
    clusterIP?: string
    externalName?: string
    ports?: { port: number; targetPort?: number | string; appProtocol?: string }[]
  }
}

/** The part of a Knative Service that is used here. */
export interface KnativeService extends KubeObject {
  status?: { address?: { url?: string } }
}

/** A backend ready to dial. */
export interface Address {
  readonly target: UpstreamTarget
  /** Host that the backend goes by; undefined for one that takes the client's. */
  readonly host?: string
}

/** An address, or why there is none. */
export type Resolution = Address | { readonly problem: Problem }

export type ServiceKind = 'Service' | 'KnativeService'

/** What is known of the Services that backends may name. */
export interface AddressBook {
  set(kind: ServiceKind, service: KubeObject): void
  delete(kind: ServiceKind, service: KubeObject): void
  names(kind: ServiceKind): Iterable<string>
  resolve(namespace: string, backend: CompiledBackend): Resolution
}

const CLUSTER_DOMAIN = 'svc.cluster.local'

/** Names a Service across kinds; also what a route is found by when the Service changes. */
export const toServiceKey = (kind: ServiceKind, namespace: string, name: string): string =>
  `${kind}/${namespace}/${name}`

const unresolved = (reason: string, message: string): Resolution => ({
  problem: { reason, message },
})

const http = (host: string, port: number): UpstreamTarget => ({ protocol: 'http', host, port })

const resolveService = (service: Service, portNumber: number): Resolution => {
  const { name, namespace } = service.metadata
  const { type, clusterIP, externalName, ports = [] } = service.spec ?? {}
  if (type === 'ExternalName') {
    return { target: http(externalName ?? '', portNumber), host: externalName ?? '' }
  }
  const port = ports.find((entry) => entry.port === portNumber)
  if (!port) return unresolved('BackendNotFound', `Service ${name} has no port ${portNumber}`)
  if (port.appProtocol === 'kubernetes.io/h2c') {
    return unresolved('UnsupportedProtocol', `Service ${name} port ${portNumber} speaks h2c only`)
  }
  if (clusterIP && clusterIP !== 'None') return { target: http(clusterIP, portNumber) }
  const podPort = typeof port.targetPort === 'number' ? port.targetPort : portNumber
  return { target: http(`${name}.${namespace}.${CLUSTER_DOMAIN}`, podPort) }
}

const resolveKnativeService = (service: KnativeService): Resolution => {
  const text = service.status?.address?.url ?? ''
  if (!URL.canParse(text)) {
    const message = `Knative Service ${service.metadata.name} has no address yet`
    return unresolved('BackendNotFound', message)
  }
  const url = new URL(text)
  const protocol = url.protocol === 'https:' ? 'https' : 'http'
  const port = Number(url.port) || { http: 80, https: 443 }[protocol]
  return { target: { protocol, host: url.hostname, port }, host: url.host }
}

type UrlParts = Pick<CompiledBackend & { kind: 'URL' }, 'protocol' | 'host' | 'port'>

/** The address of an URL; it goes by the name that the URL gives it. */
export const toUrlAddress = ({ protocol, host, port }: UrlParts): Required<Address> => {
  const isDefault = port === { http: 80, https: 443 }[protocol]
  const name = host.includes(':') ? `[${host}]` : host
  return { target: { protocol, host, port }, host: isDefault ? name : `${name}:${port}` }
}

export const createAddressBook = (): AddressBook => {
  const services = new Map<string, KubeObject>()
  const keyOf = (kind: ServiceKind, { metadata }: KubeObject) =>
    toServiceKey(kind, metadata.namespace ?? '', metadata.name)

  return {
    set: (kind, service) => void services.set(keyOf(kind, service), service),
    delete: (kind, service) => void services.delete(keyOf(kind, service)),
    *names(kind) {
      for (const key of services.keys()) if (key.startsWith(`${kind}/`)) yield key
    },
    resolve(namespace, backend) {
      if (backend.kind === 'URL') return toUrlAddress(backend)
      const service = services.get(toServiceKey(backend.kind, namespace, backend.name))
      if (!service) {
        const kind = backend.kind === 'Service' ? 'Service' : 'Knative Service'
        return unresolved('BackendNotFound', `${kind} ${backend.name} not found`)
      }
      return backend.kind === 'Service'
        ? resolveService(service, backend.port)
        : resolveKnativeService(service)
    },
  }
}
