import { isObject, type Json, type KubeObject, type ManagedFieldsEntry } from '../json.ts'
import type { Schema } from '../schema/schema.ts'
import { type Comparison, compareFields } from './compare.ts'
import { FieldSet } from './field-set.ts'

/** The fields one manager owns. */
export interface Ownership {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string
  readonly fields: FieldSet
}

/** Who writes, how and when. */
export interface Writer {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string
}

const SYSTEM_FIELDS = FieldSet.fromFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:clusterName': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
})

/** Without the fields nobody owns. */
export const withoutSystemFields = (fields: FieldSet): FieldSet => {
  const rest = fields.difference(SYSTEM_FIELDS)
  rest.self = false
  return rest
}

const decodeEntry = (entry: Partial<ManagedFieldsEntry>): Ownership => ({
  manager: entry.manager ?? 'unknown',
  operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
  apiVersion: entry.apiVersion ?? '',
  subresource: entry.subresource ?? '',
  time: entry.time ?? '',
  fields: FieldSet.fromFieldsV1(isObject(entry.fieldsV1) ? entry.fieldsV1 : {}),
})

/** Reads `metadata.managedFields`. */
export const decodeManagedFields = (object: KubeObject | undefined): Ownership[] =>
  (object?.metadata.managedFields ?? [])
    .filter((entry) => isObject(entry.fieldsV1))
    .map(decodeEntry)

/** Writes `metadata.managedFields`: Apply before Update, then by time and name. */
const encodeManagedFields = (owners: readonly Ownership[]): Partial<ManagedFieldsEntry>[] =>
  owners
    .filter((owner) => !owner.fields.isEmpty)
    .sort(
      (a, b) =>
        a.operation.localeCompare(b.operation) ||
        a.time.localeCompare(b.time) ||
        a.manager.localeCompare(b.manager),
    )
    .map((owner) => ({
      manager: owner.manager,
      operation: owner.operation,
      apiVersion: owner.apiVersion,
      ...(owner.time && { time: owner.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: owner.fields.toFieldsV1(),
      ...(owner.subresource && { subresource: owner.subresource }),
    }))

/** Sets `metadata.managedFields`, or leaves it out when nobody owns anything. */
export const setManagedFields = (object: KubeObject, owners: readonly Ownership[]): void => {
  const entries = encodeManagedFields(owners)
  if (entries.length > 0) object.metadata.managedFields = entries
  else delete object.metadata.managedFields
}

/** Whether an entry is the writer's own. */
export const isOwn = (owner: Ownership, writer: Writer): boolean =>
  owner.manager === writer.manager &&
  owner.operation === writer.operation &&
  owner.subresource === writer.subresource

/** The owner's entry with other fields; unchanged fields keep the time. */
export const withFields = (owner: Ownership | undefined, writer: Writer, fields: FieldSet) =>
  owner?.fields.equals(fields) ? owner : { ...writer, fields }

/** Compares two objects as to what can be owned. */
export const compareObjects = (
  left: KubeObject | undefined,
  right: KubeObject,
  schema: Schema,
): Comparison => {
  const { added, modified, removed } = compareFields(
    (left ?? {}) as unknown as Json,
    right as unknown as Json,
    schema,
  )
  return {
    added: withoutSystemFields(added),
    modified: withoutSystemFields(modified),
    removed: withoutSystemFields(removed),
  }
}

/** Sets the managed fields after an Update: the writer owns what it changed, nobody owns what is gone. */
export const trackUpdate = (
  object: KubeObject,
  old: KubeObject | undefined,
  schema: Schema,
  writer: Writer,
): void => {
  const isGiven = object.metadata.managedFields !== undefined
  const owners = decodeManagedFields(isGiven ? object : old)
  const { added, modified, removed } = compareObjects(old, object, schema)
  const written = added.union(modified)
  if (!written.isEmpty || !removed.isEmpty) {
    const own = owners.find((owner) => isOwn(owner, writer))
    const fields = (own?.fields ?? new FieldSet()).union(written).difference(removed)
    const lost = written.union(removed)
    const others = owners
      .filter((owner) => owner !== own)
      .map((owner) => ({ ...owner, fields: owner.fields.difference(lost) }))
    setManagedFields(object, [...others, withFields(own, writer, fields)])
    return
  }
  setManagedFields(object, owners)
}
