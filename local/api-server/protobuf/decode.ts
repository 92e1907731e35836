import type { Json, JsonObject } from '../json.ts'
import { badRequest, unsupportedMediaType } from '../status.ts'
import { DELETE_OPTIONS, type FieldType, MESSAGES, type Message } from './messages.ts'
import { readFields, type WireValue } from './wire.ts'

const MAGIC = Buffer.from('k8s\0')

const bytesOf = (value: WireValue): Buffer =>
  typeof value === 'bigint' ? Buffer.alloc(0) : Buffer.from(value)

const partsOf = (value: WireValue): Map<number, WireValue> =>
  new Map([...readFields(bytesOf(value))].map((field) => [field.number, field.value]))

const textIn = (parts: Map<number, WireValue>, number: number): string =>
  bytesOf(parts.get(number) ?? 0n).toString()

const signed = (value: WireValue | undefined): number =>
  typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0

const decodeTime = (value: WireValue): Json => {
  const parts = partsOf(value)
  if (parts.size === 0) return null
  return new Date(signed(parts.get(1)) * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

const decodeIntOrString = (value: WireValue): Json => {
  const parts = partsOf(value)
  return signed(parts.get(1)) === 1 ? textIn(parts, 3) : signed(parts.get(2))
}

const SCALARS: Record<string, (value: WireValue) => Json> = {
  string: (value) => bytesOf(value).toString(),
  bytes: (value) => bytesOf(value).toString('base64'),
  int: signed,
  bool: (value) => value === 1n,
  time: decodeTime,
  intOrString: decodeIntOrString,
}

const decodeScalar = (type: Exclude<FieldType, { list: unknown }>, value: WireValue) => {
  if (typeof type === 'object') return decodeMessage(bytesOf(value), type.message)
  return SCALARS[type]?.(value) ?? null
}

const addEntry = (map: Json | undefined, type: string, value: WireValue): JsonObject => {
  const entry = partsOf(value)
  const item = bytesOf(entry.get(2) ?? 0n).toString(type === 'bytesMap' ? 'base64' : 'utf8')
  return { ...(map as JsonObject | undefined), [textIn(entry, 1)]: item }
}

// proto2 writes empty strings and zeros that JSON leaves out.
const isEmpty = (value: Json): boolean => value === '' || value === 0 || value === null

const decodeField = (current: Json | undefined, type: FieldType, value: WireValue): Json => {
  if (type === 'map' || type === 'bytesMap') return addEntry(current, type, value)
  if (typeof type === 'object' && 'list' in type)
    return [...((current ?? []) as Json[]), decodeScalar(type.list, value)]
  return decodeScalar(type, value)
}

const decodeMessage = (bytes: Uint8Array, message: Message): JsonObject => {
  const object: JsonObject = {}
  for (const { number, value } of readFields(bytes)) {
    const known = message[number]
    if (!known) continue
    const [name, type] = known
    const decoded = decodeField(object[name], type, value)
    if (!isEmpty(decoded)) object[name] = decoded
  }
  return object
}

/**
 * Decodes `application/vnd.kubernetes.protobuf`: the kinds that kubectl's imperative commands send.
 * @throws ApiError 400 when it is no such message, 415 when the kind is not known
 */
export const decodeProtobuf = (bytes: Buffer): JsonObject => {
  if (!bytes.subarray(0, 4).equals(MAGIC)) throw badRequest('the body is no Kubernetes protobuf')
  try {
    const envelope = partsOf(bytes.subarray(4))
    const type = partsOf(envelope.get(1) ?? 0n)
    const [apiVersion, kind] = [textIn(type, 1), textIn(type, 2)]
    const message = kind === 'DeleteOptions' ? DELETE_OPTIONS : MESSAGES[`${apiVersion} ${kind}`]
    if (!message) throw unsupportedMediaType()
    return { apiVersion, kind, ...decodeMessage(bytesOf(envelope.get(2) ?? 0n), message) }
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`the protobuf is broken: ${error.message}`)
    throw error
  }
}
