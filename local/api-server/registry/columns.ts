import { isObject, type Json, type JsonObject, type KubeObject } from '../json.ts'
import { age } from '../table/human-duration.ts'
import type { Column } from './resource-type.ts'

type Cell = (object: KubeObject) => string | number | boolean | null

const column = (name: string, cell: Cell, priority = 0): Column => ({
  name,
  type: 'string',
  priority,
  cell,
})
const count = (name: string, cell: Cell): Column => ({ ...column(name, cell), type: 'integer' })

const part = (value: unknown): JsonObject => (isObject(value) ? value : {})
const list = (value: unknown): Json[] => (Array.isArray(value) ? value : [])
const size = (value: unknown): number => Object.keys(part(value)).length
const show = (value: unknown, otherwise = '<none>'): string =>
  value === undefined || value === null || value === '' ? otherwise : String(value)

/** The column that names the object; every table begins with it. */
export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object.',
  cell: (object) => object.metadata.name ?? '',
}

/** Time since the object was created. */
export const AGE: Column = {
  ...column('Age', (object) => age(object.metadata.creationTimestamp)),
  description: 'Time since the object was created.',
}

const servicePorts = (object: KubeObject): string =>
  list(part(object.spec).ports)
    .map((port) => {
      const { port: number, nodePort, protocol } = part(port)
      return `${number}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`
    })
    .join(',')

const selectorText = (selector: unknown): string =>
  Object.entries(part(selector))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')

const involved = (object: KubeObject): string => {
  const { kind, name } = part(object.involvedObject)
  return `${String(kind ?? '').toLowerCase()}/${name ?? ''}`
}

const lastSeen = (object: KubeObject): string =>
  age(object.lastTimestamp ?? object.eventTime ?? object.metadata.creationTimestamp)

const firstSeen = (object: KubeObject): string =>
  age(object.firstTimestamp ?? object.eventTime ?? object.metadata.creationTimestamp)

const shorten = (items: string[]): string => {
  if (items.length === 0) return '<none>'
  const more = items.length > 3 ? ` + ${items.length - 3} more...` : ''
  return items.slice(0, 3).join(',') + more
}

const endpointList = (object: KubeObject): string =>
  shorten(
    list(object.subsets).flatMap((subset) =>
      list(part(subset).addresses).flatMap((address) => {
        const ports = list(part(subset).ports)
        const { ip } = part(address)
        return ports.length === 0 ? [String(ip)] : ports.map((port) => `${ip}:${part(port).port}`)
      }),
    ),
  )

const containers = (object: KubeObject): JsonObject[] =>
  list(part(object.spec).containers).map(part)

const readyOf = (object: KubeObject): string => {
  const states = list(part(object.status).containerStatuses).map(part)
  return `${states.filter((state) => state.ready === true).length}/${containers(object).length}`
}

/** Columns of the built-in kinds, as the real server prints them. */
export const COLUMNS = {
  configMap: [NAME, count('Data', (object) => size(object.data) + size(object.binaryData)), AGE],
  secret: [
    NAME,
    column('Type', (object) => show(object.type)),
    count('Data', (object) => size(object.data)),
    AGE,
  ],
  namespace: [NAME, column('Status', (object) => show(part(object.status).phase)), AGE],
  service: [
    NAME,
    column('Type', (object) => show(part(object.spec).type)),
    column('Cluster-IP', (object) => show(part(object.spec).clusterIP)),
    column('External-IP', (object) => show(part(object.spec).externalName)),
    column('Port(s)', (object) => servicePorts(object) || '<none>'),
    AGE,
    column('Selector', (object) => selectorText(part(object.spec).selector) || '<none>', 1),
  ],
  serviceAccount: [NAME, count('Secrets', (object) => list(object.secrets).length), AGE],
  event: [
    column('Last Seen', lastSeen),
    column('Type', (object) => show(object.type, '')),
    column('Reason', (object) => show(object.reason, '')),
    column('Object', involved),
    column('Subobject', (object) => show(part(object.involvedObject).fieldPath, ''), 1),
    column(
      'Source',
      (object) => show(part(object.source).component ?? object.reportingComponent, ''),
      1,
    ),
    column('Message', (object) => show(object.message, '').trim()),
    column('First Seen', firstSeen, 1),
    column('Count', (object) => Number(object.count ?? 1), 1),
    { ...NAME, priority: 1 },
  ],
  endpoints: [NAME, column('Endpoints', endpointList), AGE],
  endpointSlice: [
    NAME,
    column('AddressType', (object) => show(object.addressType)),
    column('Ports', (object) =>
      shorten(list(object.ports).map((port) => String(part(port).port ?? '*'))),
    ),
    column('Endpoints', (object) =>
      shorten(list(object.endpoints).flatMap((item) => list(part(item).addresses).map(String))),
    ),
    AGE,
  ],
  lease: [NAME, column('Holder', (object) => show(part(object.spec).holderIdentity, '')), AGE],
  pod: [
    NAME,
    column('Ready', readyOf),
    column('Status', (object) => show(part(object.status).phase, 'Unknown')),
    column('Restarts', () => '0'),
    AGE,
    column('IP', (object) => show(part(object.status).podIP), 1),
    column('Node', (object) => show(part(object.spec).nodeName), 1),
  ],
  deployment: [
    NAME,
    column(
      'Ready',
      ({ status, spec }) => `${part(status).readyReplicas ?? 0}/${part(spec).replicas ?? 1}`,
    ),
    column('Up-to-date', ({ status }) => Number(part(status).updatedReplicas ?? 0)),
    column('Available', ({ status }) => Number(part(status).availableReplicas ?? 0)),
    AGE,
  ],
  crd: [NAME, column('Created At', (object) => show(object.metadata.creationTimestamp))],
} satisfies Record<string, readonly Column[]>
