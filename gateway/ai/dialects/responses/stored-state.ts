import { isAbsent } from '../../chat/present.ts'
import { findReference, toStoredMessage } from '../../chat/stored-reference.ts'

/** A field that names what is kept at the provider, and why that cannot be. */
export interface StoredState {
  readonly param: string
  readonly message: string
}

type Values = Readonly<Record<string, unknown>>

const ROOT_FIELDS = ['previous_response_id', 'conversation', 'prompt'] as const

const REFERENCES = new Set([
  ...['file_id', 'file_ids', 'vector_store_ids', 'container_id', 'skill_id'],
])

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isEmpty = (value: unknown): boolean =>
  isAbsent(value) || (Array.isArray(value) && value.length === 0)

const isReference = (name: string, value: unknown): boolean => {
  if (name === 'type') return value === 'item_reference'
  // Of the code interpreter: an object asks for a new one.
  if (name === 'container') return typeof value === 'string'
  return REFERENCES.has(name) && !isEmpty(value)
}

/** Without a type, an item that is no message is a reference. */
const isBareReference = (item: unknown): boolean => {
  if (!isObject(item)) return false
  const { id, type, role } = item as Values
  return !isAbsent(id) && isAbsent(type) && isAbsent(role)
}

const findBareReference = (input: unknown): string | undefined => {
  const index = Array.isArray(input) ? input.findIndex(isBareReference) : -1
  return index < 0 ? undefined : `input[${index}]`
}

const findParam = (values: Values): string | undefined =>
  ROOT_FIELDS.find((name) => !isAbsent(values[name])) ??
  findReference('input', values.input, isReference) ??
  findBareReference(values.input) ??
  findReference('tools', values.tools, isReference)

/**
 * Finds what a request wants of the provider's memory. All callers share one account there, so that
 * one could read what another has stored.
 */
export const findStoredState = (values: Values): StoredState | undefined => {
  if (values.background === true) {
    return { param: 'background', message: "'background' must be false: no answer is stored." }
  }
  const param = findParam(values)
  if (param === undefined) return undefined
  return { param, message: toStoredMessage(param) }
}
