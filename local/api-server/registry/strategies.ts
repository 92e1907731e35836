import { equalJson, isObject, type Json, type JsonObject, type KubeObject } from '../json.ts'
import { forbiddenField, invalidValue, required, tooLong } from '../schema/causes.ts'
import type { StatusCause } from '../status.ts'
import type { Strategy } from './resource-type.ts'

const MAX_DATA_BYTES = 1024 * 1024
const DATA_KEY = /^[-._a-zA-Z0-9]+$/

const entriesOf = (value: unknown): [string, Json][] =>
  isObject(value) ? Object.entries(value) : []

const checkKeys = (field: string, value: unknown): StatusCause[] =>
  entriesOf(value)
    .filter(([key]) => !DATA_KEY.test(key) || key.length > 253)
    .map(([key]) =>
      invalidValue(
        `${field}[${key}]`,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      ),
    )

const checkSize = (fields: readonly unknown[]): StatusCause[] => {
  const bytes = fields
    .flatMap(entriesOf)
    .reduce((sum, [, value]) => sum + Buffer.byteLength(String(value)), 0)
  return bytes > MAX_DATA_BYTES ? [tooLong('', `may not be more than ${MAX_DATA_BYTES} bytes`)] : []
}

const checkImmutable = (object: KubeObject, old: KubeObject | undefined): StatusCause[] => {
  if (old?.immutable !== true) return []
  const why = 'field is immutable when `immutable` is set'
  return ['immutable', 'data', 'binaryData'].flatMap((field) =>
    equalJson(object[field] ?? null, old[field] ?? null) ? [] : [forbiddenField(field, why)],
  )
}

const configMap: Strategy = {
  validate: (object, old) => [
    ...checkKeys('data', object.data),
    ...checkKeys('binaryData', object.binaryData),
    ...checkSize([object.data, object.binaryData]),
    ...checkImmutable(object, old),
  ],
}

const decodedBytes = (data: unknown): JsonObject =>
  Object.fromEntries(
    entriesOf(data).map(([key, value]) => [
      key,
      'x'.repeat(Buffer.byteLength(String(value), 'base64')),
    ]),
  )

const secret: Strategy = {
  prepare: (object) => {
    const given = entriesOf(object.stringData)
    delete object.stringData
    if (given.length === 0) return
    const data = isObject(object.data) ? object.data : {}
    for (const [key, value] of given) data[key] = Buffer.from(String(value)).toString('base64')
    object.data = data
  },
  validate: (object, old) => [
    ...checkKeys('data', object.data),
    ...checkSize([decodedBytes(object.data)]),
    ...checkImmutable(object, old),
    ...(old && old.type !== object.type
      ? [invalidValue('type', object.type, 'field is immutable')]
      : []),
  ],
}

const namespace: Strategy = {
  prepare: (object, old) => {
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name ?? '',
    }
    if (old) return
    object.spec = { finalizers: ['kubernetes'] }
    object.status = { phase: 'Active' }
  },
}

const service: Strategy = {
  prepare: (object) => {
    const spec = isObject(object.spec) ? object.spec : {}
    object.spec = spec
    if (!isObject(object.status)) object.status = { loadBalancer: {} }
    for (const port of Array.isArray(spec.ports) ? spec.ports : [])
      if (isObject(port) && port.targetPort === undefined && port.port !== undefined)
        port.targetPort = port.port
  },
  validate: (object) => {
    const spec = isObject(object.spec) ? object.spec : {}
    const isPortless = spec.type === 'ExternalName' || spec.clusterIP === 'None'
    const hasPorts = Array.isArray(spec.ports) && spec.ports.length > 0
    return [
      ...(isPortless || hasPorts ? [] : [required('spec.ports')]),
      ...(spec.type === 'ExternalName' && !spec.externalName
        ? [required('spec.externalName')]
        : []),
    ]
  },
}

const coreEvent: Strategy = {
  validate: (object) => {
    const involved = isObject(object.involvedObject) ? object.involvedObject : {}
    const { namespace: own } = object.metadata
    const isClusterScoped = involved.namespace === undefined || involved.namespace === ''
    const isRight = isClusterScoped ? own === 'default' : involved.namespace === own
    if (isRight || own === 'kube-system') return []
    return [
      invalidValue(
        'involvedObject.namespace',
        involved.namespace ?? '',
        'does not match event.namespace',
      ),
    ]
  },
}

const pod: Strategy = {
  prepare: (object, old) => {
    if (!old && !isObject(object.status)) object.status = { phase: 'Pending' }
  },
}

/** What built-in kinds do beyond their schema. */
export const STRATEGIES = { configMap, secret, namespace, service, coreEvent, pod }
