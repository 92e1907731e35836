import type { z } from 'zod'

/** What is wrong with a field of a caller's body. */
export interface FieldFault {
  /** Such as `messages[0].content`. */
  readonly param: string
  readonly message: string
  readonly isMissing: boolean
}

const NAMES = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['int', 'an integer'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
])

const toParam = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')

const findValue = (body: unknown, path: readonly PropertyKey[]): unknown => {
  let value = body
  for (const key of path) value = Object(value)[key]
  return value
}

const oneOf = (values: readonly unknown[]): string => `one of: ${values.join(', ')}`

const describeTooSmall = ({ origin, minimum }: z.core.$ZodIssueTooSmall): string => {
  if (origin === 'string') return 'a string that is not empty'
  return origin === 'array' ? 'a list that is not empty' : `at least ${minimum}`
}

/** What the field must be. */
const describe = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return NAMES.get(issue.expected) ?? 'of another type'
    case 'invalid_value':
      return oneOf(issue.values)
    case 'invalid_union':
      return 'options' in issue && issue.options ? oneOf(issue.options) : 'of another type'
    case 'too_small':
      return describeTooSmall(issue)
    default:
      return 'another value'
  }
}

/** The first thing that is wrong with a body, in words for its caller. */
export const toFieldFault = ({ issues: [issue] }: z.ZodError, body: unknown): FieldFault => {
  if (issue === undefined) return { param: '', message: 'Invalid body.', isMissing: false }
  const param = toParam(issue.path)
  const isMissing = findValue(body, issue.path) === undefined
  const message = isMissing
    ? `Missing required parameter: '${param}'.`
    : `'${param}' must be ${describe(issue)}.`
  return { param, message, isMissing }
}
