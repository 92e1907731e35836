import { isObject, type Json, type KubeObject } from '../json.ts'
import { apiVersionOf, type ResourceType, resourceOf } from '../registry/resource-type.ts'
import { checkRules, hasRules } from '../schema/cel.ts'
import { applyDefaults } from '../schema/defaults.ts'
import { checkListTypes } from '../schema/list-types.ts'
import { pruneUnknown } from '../schema/prune.ts'
import { validateValue } from '../schema/validate.ts'
import { ApiError, badRequest, invalid, type StatusCause } from '../status.ts'
import { checkMetadata } from './metadata.ts'

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** How unknown fields are taken, and where warnings go. */
export interface Strictness {
  readonly fieldValidation: FieldValidation
  readonly warnings: string[]
  /** Complaints of the parser (duplicate fields). */
  readonly duplicates: readonly string[]
}

/** Removes unknown fields: with an error, with a warning or silently. */
export const admitFields = (object: KubeObject, type: ResourceType, how: Strictness): void => {
  const unknown = pruneUnknown(object as unknown as Json, type.schema)
    .sort()
    .map((path) => `unknown field ${JSON.stringify(path)}`)
  const complaints = [
    ...unknown,
    ...how.duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
  ]
  if (complaints.length === 0 || how.fieldValidation === 'Ignore') return
  if (how.fieldValidation === 'Warn') {
    how.warnings.push(...complaints)
    return
  }
  const { kind, version } = type
  const text = `strict decoding error: ${complaints.join(', ')}`
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${text}`)
}

/** The 400 the real server gives when a built-in object does not decode. */
const checkDecodes = (causes: readonly StatusCause[], type: ResourceType): void => {
  const wrong = causes.find((cause) => cause.reason === 'FieldValueTypeInvalid')
  if (!wrong || type.custom) return
  throw badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: json: cannot unmarshal field ${wrong.field}: ${wrong.message}`,
  )
}

/** Fills in defaults and what the kind itself fills in. */
export const completeObject = (
  object: KubeObject,
  old: KubeObject | undefined,
  type: ResourceType,
): void => {
  applyDefaults(object as unknown as Json, type.schema)
  type.strategy.prepare?.(object, old)
}

// After these the rules are not evaluated: they could not read the object.
const BLOCKING: readonly string[] = [
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
]
const NOT_CHECKED: StatusCause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  field: '<nil>',
}

const isBlocking = ({ reason }: StatusCause): boolean => BLOCKING.includes(reason)

/** @throws ApiError 422 with a cause for each wrong field */
export const validateObject = (
  object: KubeObject,
  old: KubeObject | undefined,
  type: ResourceType,
): void => {
  const value = object as unknown as Json
  const causes = validateValue(value, type.schema)
  checkDecodes(causes, type)
  // What follows reads the object by its types.
  if (!causes.some((cause) => cause.reason === 'FieldValueTypeInvalid'))
    causes.unshift(...checkMetadata(object, type))
  causes.push(...checkListTypes(value, type.schema))
  if (causes.some(isBlocking)) {
    if (hasRules(type.schema)) causes.push(NOT_CHECKED)
  } else {
    causes.push(...checkRules(value, old as unknown as Json | undefined, type.schema))
    causes.push(...(type.strategy.validate?.(object, old) ?? []))
  }
  if (causes.length > 0) throw invalid(type, object.metadata.name ?? '', causes)
}

/** Checks that a body is an object of the type. @throws ApiError 400 */
export const asObject = (body: Json, type: ResourceType): KubeObject => {
  if (!isObject(body)) throw badRequest('the object provided is no JSON object')
  const { apiVersion, kind } = body
  const wanted = apiVersionOf(type)
  if (kind !== undefined && kind !== type.kind)
    throw badRequest(
      `${String(kind)} in version ${JSON.stringify(apiVersion ?? '')} cannot be handled as a ${type.kind}: the kind of ${resourceOf(type)} is ${type.kind}`,
    )
  if (apiVersion !== undefined && apiVersion !== wanted)
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`,
    )
  if (type.custom && (kind === undefined || apiVersion === undefined))
    throw badRequest("Object 'Kind' or 'apiVersion' is missing")
  if (body.metadata !== undefined && body.metadata !== null && !isObject(body.metadata))
    throw badRequest('metadata is no object')
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = body
  return {
    apiVersion: apiVersionOf({ group: type.group, version: type.storageVersion }),
    kind: type.kind,
    metadata: { ...(isObject(metadata) ? metadata : {}) },
    ...rest,
  } as KubeObject
}

/** Wraps what is no ApiError, so that a client never sees a stack. */
export const asApiError = (error: unknown): ApiError => {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ApiError(`Internal error occurred: ${message}`, {
    code: 500,
    reason: 'InternalError',
    cause: error,
  })
}
