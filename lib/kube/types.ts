/** Where a kind is served: `/apis/<group>/<version>/<plural>`; the empty group is the core. */
export interface ResourceType {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
}

/** Names one object; what an event is trusted for. */
export interface ObjectRef {
  readonly namespace: string
  readonly name: string
}

/** The part of `metav1.ObjectMeta` that is used here. */
export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** Any Kubernetes object. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

/** A page-complete list with the version to watch from. */
export interface KubeList<T> {
  items: T[]
  resourceVersion: string
}

/** One line of a watch; an ERROR line is thrown instead. */
export interface WatchEvent<T extends KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  object: T
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>
  binaryData?: Record<string, string>
}

export const configMaps: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
}
export const secrets: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
}
export const services: ResourceType = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
}
export const events: ResourceType = { group: '', version: 'v1', kind: 'Event', plural: 'events' }
export const endpointSlices: ResourceType = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
}
export const knativeServices: ResourceType = {
  group: 'serving.knative.dev',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
}

/** `apiVersion` of a type: `v1`, `penstock.dev/v1alpha1`. */
export const toApiVersion = (type: ResourceType): string =>
  type.group === '' ? type.version : `${type.group}/${type.version}`

/** A name as one segment of a path: only `.` and `..` are more than that. */
const toSegment = (name: string): string => {
  if (/^\.{0,2}$/.test(name)) throw new TypeError(`not a name: ${JSON.stringify(name)}`)
  return encodeURIComponent(name)
}

/**
 * URL path of a collection, or of one object in it. Without a namespace, or with an empty one: of
 * all namespaces, or of none.
 * @throws TypeError when a name is none
 */
export const toPath = (type: ResourceType, namespace?: string, name?: string): string => {
  const root = type.group === '' ? '/api/' : `/apis/${type.group}/`
  const scope = namespace ? `/namespaces/${toSegment(namespace)}` : ''
  const object = name === undefined ? '' : `/${toSegment(name)}`
  return `${root}${type.version}${scope}/${type.plural}${object}`
}
