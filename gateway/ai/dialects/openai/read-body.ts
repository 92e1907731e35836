import type { z } from 'zod'
import { RequestFault } from '../../chat/request-fault.ts'

type Issue = z.core.$ZodRawIssue
type Path = readonly PropertyKey[]

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const toChoice = (words: readonly unknown[]): string =>
  words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`

/** What a value must be, to follow "must be"; a schema may say it in its own words. */
const toWhat = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return toChoice(issue.values)
    case 'invalid_union':
      return Array.isArray(issue.options) ? toChoice(issue.options) : undefined
    case 'too_small':
      // Of what has a length, no schema asks for more than one.
      return issue.origin === 'array' || issue.origin === 'string'
        ? `${TYPES[issue.origin]} that is not empty`
        : `at least ${issue.minimum}`
    default:
      return undefined
  }
}

/** A field as callers write it: `messages[0].content[1].image_url.url`. */
const toParam = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1)

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
 * Reads the body of a caller.
 *
 * @throws RequestFault that says what is wrong with it, as OpenAI's API would
 */
export const readBody = <Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> => {
  const { data, error } = schema.safeParse(body, { error: toWhat })
  if (!error) return data as z.output<Schema>
  const [issue] = error.issues
  const { path, value } = locate(body, issue?.path ?? [])
  const param = toParam(path)
  const isAbsent = value === undefined || value === null
  const message = isAbsent
    ? `Missing required parameter: '${param}'.`
    : `'${param}' must be ${issue?.message}.`
  throw new RequestFault(param, message)
}
