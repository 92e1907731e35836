import type { Json } from '../json.ts'
import type { StatusCause } from '../status.ts'

const cause = (reason: string, field: string, message: string): StatusCause => ({
  reason,
  message,
  field: field || '[]',
})

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'null'
  return text.length > 512 ? `${text.slice(0, 512)}...` : text
}

export const invalidValue = (field: string, value: unknown, why: string): StatusCause =>
  cause('FieldValueInvalid', field, `Invalid value: ${show(value)}: ${why}`)

export const invalidType = (field: string, value: unknown, why: string): StatusCause =>
  cause('FieldValueTypeInvalid', field, `Invalid value: ${show(value)}: ${why}`)

export const required = (field: string, why = ''): StatusCause =>
  cause('FieldValueRequired', field, `Required value${why && `: ${why}`}`)

export const notSupported = (
  field: string,
  value: unknown,
  allowed: readonly Json[],
): StatusCause =>
  cause(
    'FieldValueNotSupported',
    field,
    `Unsupported value: ${show(value)}: supported values: ${allowed.map(show).join(', ')}`,
  )

export const duplicate = (field: string, value: unknown): StatusCause =>
  cause('FieldValueDuplicate', field, `Duplicate value: ${show(value)}`)

export const forbiddenField = (field: string, why: string): StatusCause =>
  cause('FieldValueForbidden', field, `Forbidden: ${why}`)

export const tooLong = (field: string, why: string): StatusCause =>
  cause('FieldValueTooLong', field, `Too long: ${why}`)

export const tooMany = (field: string, count: number, max: number): StatusCause =>
  cause('FieldValueTooMany', field, `Too many: ${count}: must have at most ${max} items`)
