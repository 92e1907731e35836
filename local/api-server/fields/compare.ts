import { equalJson, isObject, type Json, type JsonObject } from '../json.ts'
import { childOf, type Schema } from '../schema/schema.ts'
import { FieldSet } from './field-set.ts'
import {
  fieldElement,
  isAtomicMap,
  itemElement,
  listKind,
  type PathElement,
} from './path-element.ts'

/** The items of a value below it in the tree of fields; undefined for a leaf. */
export const childrenOf = (
  value: Json | undefined,
  schema: Schema | undefined,
): Map<PathElement, { value: Json; schema: Schema | undefined }> | undefined => {
  if (isObject(value) && !isAtomicMap(schema))
    return new Map(
      Object.entries(value).map(([key, item]) => [
        fieldElement(key),
        { value: item, schema: childOf(schema, key) },
      ]),
    )
  if (Array.isArray(value) && listKind(schema))
    return new Map(
      value.map((item) => [itemElement(item, schema), { value: item, schema: schema?.items }]),
    )
  return undefined
}

const isNamedField = (schema: Schema | undefined, element: PathElement): boolean =>
  schema?.properties !== undefined && Object.hasOwn(schema.properties, element.slice(2))

const isEmptyValue = (value: Json): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0)

const isEmptyOrEmptyList = (value: Json): boolean =>
  isEmptyValue(value) || (Array.isArray(value) && value.length === 0)

/** The fields an applied object speaks of. */
export const fieldsOf = (value: Json, schema: Schema | undefined): FieldSet => {
  const children = childrenOf(value, schema)
  const set = new FieldSet()
  if (!children || (Array.isArray(value) && value.length === 0)) {
    set.self = true
    return set
  }
  for (const [element, child] of children) {
    const below = fieldsOf(child.value, child.schema)
    const isMember =
      !element.startsWith('f:') || isEmptyValue(child.value) || !isNamedField(schema, element)
    if (isMember) below.self = true
    set.children.set(element, below)
  }
  return set
}

/** What differs between two objects. */
export interface Comparison {
  readonly added: FieldSet
  readonly modified: FieldSet
  readonly removed: FieldSet
}

interface Side {
  readonly value: Json | undefined
  readonly schema: Schema | undefined
}

const allFields = (side: Side): FieldSet => {
  const set = new FieldSet(true)
  for (const [element, child] of childrenOf(side.value, side.schema) ?? [])
    set.children.set(element, allFields(child))
  return set
}

const keep = (set: FieldSet, element: PathElement, below: FieldSet): void => {
  if (!below.isEmpty) set.children.set(element, below)
}

/** Compares two versions of an object field by field. */
export const compareFields = (
  left: Json | undefined,
  right: Json | undefined,
  schema: Schema | undefined,
): Comparison => {
  const none = (): FieldSet => new FieldSet()
  if (left === undefined && right === undefined)
    return { added: none(), modified: none(), removed: none() }
  if (left === undefined)
    return { added: allFields({ value: right, schema }), modified: none(), removed: none() }
  if (right === undefined)
    return { added: none(), modified: none(), removed: allFields({ value: left, schema }) }
  const mine = childrenOf(left, schema)
  const theirs = childrenOf(right, schema)
  if (!mine || !theirs || Array.isArray(left) !== Array.isArray(right))
    return { added: none(), modified: new FieldSet(!equalJson(left, right)), removed: none() }
  const result = { added: none(), modified: none(), removed: none() }
  for (const element of new Set([...mine.keys(), ...theirs.keys()])) {
    const one = mine.get(element)
    const other = theirs.get(element)
    const below = compareFields(one?.value, other?.value, (one ?? other)?.schema)
    keep(result.added, element, below.added)
    keep(result.modified, element, below.modified)
    keep(result.removed, element, below.removed)
  }
  return result
}

/** Copies an object without the given members (leaves and whole items); maps that become empty go too. */
export const removeFields = (value: Json, schema: Schema | undefined, gone: FieldSet): Json => {
  const children = childrenOf(value, schema)
  if (!children) return value
  const kept: [PathElement, Json][] = []
  for (const [element, child] of children) {
    const below = gone.children.get(element)
    if (below?.self) continue
    const rest = below ? removeFields(child.value, child.schema, below) : child.value
    const becameEmpty = below && isEmptyOrEmptyList(rest) && !isEmptyOrEmptyList(child.value)
    if (!becameEmpty) kept.push([element, rest])
  }
  if (Array.isArray(value)) return kept.map(([, item]) => item)
  return Object.fromEntries(kept.map(([element, item]) => [element.slice(2), item])) as JsonObject
}
