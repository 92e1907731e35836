import type { z } from 'zod'
import { isAbsent } from './present.ts'
import { RequestFault, toMissingFault } from './request-fault.ts'

type Issue = z.core.$ZodRawIssue
type Path = readonly PropertyKey[]

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['number', 'a number'],
  ['int', 'an integer'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
])

const UNKNOWN = 'another value'

const toChoice = (words: readonly unknown[]): string =>
  words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`

/** What a value must be, to follow "must be"; a schema may say it in its own words. */
const toWhat = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES.get(issue.expected) ?? UNKNOWN
    case 'invalid_value':
      return toChoice(issue.values)
    case 'invalid_union':
      return Array.isArray(issue.options) ? toChoice(issue.options) : UNKNOWN
    case 'too_small':
      // Of what has a length, no schema asks for more than one.
      return issue.origin === 'array' || issue.origin === 'string'
        ? `${TYPES.get(issue.origin)} that is not empty`
        : `at least ${issue.minimum}`
    default:
      return UNKNOWN
  }
}

/** A field as callers write it: `messages[0].content[1].image_url.url`. */
const toParam = (root: string, path: Path): string =>
  path.reduce<string>((start, step) => {
    if (typeof step === 'number') return `${start}[${step}]`
    return start === '' ? String(step) : `${start}.${String(step)}`
  }, root)

/** The part of a path that is in the body: a word may be short for an object. */
const locate = (body: unknown, path: Path): { readonly path: Path; readonly value: unknown } => {
  let value = body
  for (const [depth, key] of path.entries()) {
    if (typeof value !== 'object' || value === null) return { path: path.slice(0, depth), value }
    value = Object.getOwnPropertyDescriptor(value, key)?.value
  }
  return { path, value }
}

/**
 * Reads a value of the caller's body by its schema.
 *
 * @param root where it stands there; empty for the body itself
 * @returns the first thing that is wrong with it, in place of one that does not fit
 */
export const checkField = <Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  root = '',
): z.output<Schema> | RequestFault => {
  const { success, data, error } = schema.safeParse(body, { error: toWhat })
  if (success) return data
  const [issue] = error.issues
  const { path, value } = locate(body, issue?.path ?? [])
  const param = toParam(root, path)
  if (isAbsent(value)) return toMissingFault(param)
  return new RequestFault(param, `'${param}' must be ${issue?.message ?? UNKNOWN}.`)
}

/** The same. @throws RequestFault in place of a value that does not fit */
export const readField = <Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  root = '',
): z.output<Schema> => {
  const read = checkField(schema, body, root)
  if (read instanceof RequestFault) throw read
  return read
}
