import type { z } from 'zod'
import { RequestFault } from '../../chat/request-fault.ts'

type Path = readonly PropertyKey[]

const toParam = (param: string, path: Path): string =>
  path.reduce<string>((start, step) => {
    if (typeof step === 'number') return `${start}[${step}]`
    return start === '' ? String(step) : `${start}.${String(step)}`
  }, param)

const isMissing = (root: unknown, path: Path): boolean => {
  let value = root
  for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step]
  return value === undefined || value === null
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

const toWhat = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`
    case 'too_small':
      if (issue.origin === 'array') return 'a list that is not empty'
      return issue.origin === 'string' ? 'a string that is not empty' : `at least ${issue.minimum}`
    default:
      return `valid: ${issue.message}`
  }
}

/**
 * Reads a value of the caller's body by its schema.
 *
 * @param param where it stands there; empty for the body itself
 * @throws RequestFault that names the field which does not fit
 */
export const readField = <T>(schema: z.ZodType<T>, value: unknown, param: string): T => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (!issue) throw new RequestFault(param, `'${param}' is not valid.`)
  const field = toParam(param, issue.path)
  if (isMissing(value, issue.path)) {
    throw new RequestFault(field, `Missing required parameter: '${field}'.`)
  }
  throw new RequestFault(field, `'${field}' must be ${toWhat(issue)}.`)
}
