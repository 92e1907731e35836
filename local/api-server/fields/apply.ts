import { isObject, type Json, type JsonObject, type KubeObject } from '../json.ts'
import { childOf, type Schema } from '../schema/schema.ts'
import { applyConflict } from '../status.ts'
import { fieldsOf, removeFields } from './compare.ts'
import { FieldSet } from './field-set.ts'
import { clientSideFields, KUBECTL, updateLastApplied } from './last-applied.ts'
import {
  compareObjects,
  decodeManagedFields,
  isOwn,
  type Ownership,
  setManagedFields,
  type Writer,
  withFields,
  withoutSystemFields,
} from './managed-fields.ts'
import { isAtomicMap, itemElement, listKind, showPath } from './path-element.ts'

const mergeObjects = (live: JsonObject, applied: JsonObject, schema?: Schema): JsonObject => {
  const merged: JsonObject = { ...live }
  for (const [key, value] of Object.entries(applied))
    merged[key] = mergeApplied(live[key], value, childOf(schema, key))
  return merged
}

const mergeLists = (live: Json[], applied: Json[], schema?: Schema): Json[] => {
  const theirs = new Map(applied.map((item) => [itemElement(item, schema), item]))
  const known = new Set<string>()
  const merged = live.map((item) => {
    const element = itemElement(item, schema)
    known.add(element)
    const other = theirs.get(element)
    return other === undefined ? item : mergeApplied(item, other, schema?.items)
  })
  for (const [element, item] of theirs) if (!known.has(element)) merged.push(item)
  return merged
}

/** Lays an applied configuration over a live object, by the types of the schema. */
export const mergeApplied = (live: Json | undefined, applied: Json, schema?: Schema): Json => {
  if (isObject(live) && isObject(applied) && !isAtomicMap(schema))
    return mergeObjects(live, applied, schema)
  if (Array.isArray(live) && Array.isArray(applied) && listKind(schema))
    return mergeLists(live, applied, schema)
  return applied
}

// An item that someone else owns a part of stays, without what is no longer owned.
const unprotected = (gone: FieldSet, kept: FieldSet | undefined): FieldSet => {
  const children = [...gone.children].map(
    ([element, child]) => [element, unprotected(child, kept?.children.get(element))] as const,
  )
  const isProtected = kept !== undefined && !kept.isEmpty
  return new FieldSet(
    gone.self && !isProtected,
    new Map(children.filter(([, child]) => !child.isEmpty)),
  )
}

const describeOwner = (owner: Ownership): string => {
  const name = JSON.stringify(owner.manager)
  const where = owner.subresource ? ` with subresource ${JSON.stringify(owner.subresource)}` : ''
  if (owner.operation === 'Apply') return `${name}${where}`
  return `${name}${where} using ${owner.apiVersion}${owner.time && ` at ${owner.time}`}`
}

const conflictError = (conflicts: { owner: Ownership; field: string }[]) => {
  const causes = conflicts.map(({ owner, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describeOwner(owner)}`,
    field,
  }))
  const [first] = conflicts
  if (conflicts.length === 1 && first) {
    const what = `conflict with ${describeOwner(first.owner)}: ${first.field}`
    return applyConflict(`Apply failed with 1 conflict: ${what}`, causes)
  }
  const byOwner = Map.groupBy(conflicts, ({ owner }) => describeOwner(owner))
  const parts = [...byOwner].map(
    ([owner, list]) =>
      `conflicts with ${owner}:\n${list.map(({ field }) => `- ${field}`).join('\n')}`,
  )
  return applyConflict(
    `Apply failed with ${conflicts.length} conflicts: ${parts.join('\n')}`,
    causes,
  )
}

/** What an apply is done with. */
export interface ApplyOptions {
  readonly schema: Schema
  readonly writer: Writer
  readonly force: boolean
  /** Fields this endpoint does not let anyone own, such as `status` at the main one. */
  readonly ignored: FieldSet
}

const settleOthers = (
  others: readonly Ownership[],
  comparison: { changed: FieldSet; removed: FieldSet },
  free: FieldSet | 'all',
): Ownership[] => {
  const conflicts = others.flatMap((owner) =>
    [...owner.fields.intersection(comparison.changed).paths()]
      .filter((path) => free !== 'all' && !free.has(path))
      .map((path) => ({ owner, field: showPath(path) })),
  )
  if (conflicts.length > 0) throw conflictError(conflicts)
  const lost = comparison.changed.union(comparison.removed)
  return others.map((owner) => ({ ...owner, fields: owner.fields.difference(lost) }))
}

/** Fields that may be taken from others. */
const freeFields = (live: KubeObject | undefined, options: ApplyOptions): FieldSet | 'all' => {
  if (options.force) return 'all'
  return live && options.writer.manager === KUBECTL
    ? clientSideFields(live, options.schema)
    : new FieldSet()
}

/**
 * Server-side apply: lays `applied` over `live`, removes what the manager applied before and does not any more,
 * and records who owns what.
 * @throws ApiError 409 when another manager owns a field that would change, unless forced
 */
export const applyObject = (
  live: KubeObject | undefined,
  applied: KubeObject,
  options: ApplyOptions,
): KubeObject => {
  const { schema, writer } = options
  const fields = withoutSystemFields(
    fieldsOf(applied as unknown as Json, schema).without(options.ignored),
  )
  const owners = decodeManagedFields(live)
  const own = owners.find((owner) => isOwn(owner, writer))
  const others = owners.filter((owner) => owner !== own)
  const kept = others.reduce((all, owner) => all.union(owner.fields), fields)
  const gone = unprotected((own?.fields ?? new FieldSet()).difference(kept), kept)
  const merged = mergeApplied(
    live as unknown as Json | undefined,
    applied as unknown as Json,
    schema,
  )
  const object = removeFields(merged, schema, gone) as unknown as KubeObject
  const comparison = compareObjects(live, object, schema)
  const settled = settleOthers(
    others,
    { changed: comparison.added.union(comparison.modified), removed: comparison.removed },
    freeFields(live, options),
  )
  object.metadata = { ...object.metadata }
  setManagedFields(object, [...settled, withFields(own, writer, fields)])
  if (writer.manager === KUBECTL) updateLastApplied(object, applied)
  return object
}
