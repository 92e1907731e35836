import { RequestFault } from '../../chat/request-fault.ts'

type Schema = Readonly<Record<string, unknown>>

/** Deeper ones are no schemas, and reading them could exhaust the stack. */
const MAX_DEPTH = 64

const FORMATS = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname'],
  ...['uri', 'ipv4', 'ipv6', 'uuid'],
])

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null

/** Whether the provider takes a keyword as it is, one that holds no schemas. */
const isTaken = (keyword: string, value: unknown): boolean => {
  switch (keyword) {
    case 'type':
    case 'title':
    case 'description':
    case 'required':
    case '$ref':
    case 'default':
      return true
    case 'const':
      return isScalar(value)
    case 'enum':
      return Array.isArray(value) && value.every(isScalar)
    case 'format':
      return typeof value === 'string' && FORMATS.has(value)
    case 'minItems':
      return value === 0 || value === 1
    default:
      return false
  }
}

const LISTS = new Map([
  ['anyOf', 'anyOf'],
  ['allOf', 'allOf'],
  // Of those that are told apart, the first that fits is the only one.
  ['oneOf', 'anyOf'],
])

const MAPS = new Set(['properties', '$defs', 'definitions'])

interface Place {
  /** The field of the caller's body. */
  readonly param: string
  readonly depth: number
}

const convertMap = (value: Schema, place: Place): object =>
  Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, place)]))

/** A keyword that holds schemas, converted; undefined for any other. */
const convertNested = (
  keyword: string,
  value: unknown,
  place: Place,
): [string, unknown] | undefined => {
  const list = LISTS.get(keyword)
  if (list !== undefined && Array.isArray(value)) {
    return [list, value.map((inner) => convert(inner, place))]
  }
  if (MAPS.has(keyword) && isSchema(value)) return [keyword, convertMap(value, place)]
  return keyword === 'items' ? [keyword, convert(value, place)] : undefined
}

const isObjectType = ({ type, properties }: Schema): boolean =>
  type === 'object' || (Array.isArray(type) && type.includes('object')) || isSchema(properties)

/** Objects have the properties that are named, and no others. */
const assertClosed = ({ properties, additionalProperties: others }: Schema, param: string) => {
  const isNamed = isSchema(properties) && Object.keys(properties).length > 0
  if (isNamed || !(others === true || isSchema(others))) return
  const message = 'The provider of this model takes no schema of objects with any properties.'
  throw new RequestFault(param, message)
}

const describe = (description: unknown, unsaid: readonly (readonly [string, unknown])[]): string =>
  [
    ...(typeof description === 'string' ? [description] : []),
    unsaid.map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`).join(', '),
  ].join('\n\n')

const convert = (value: unknown, { param, depth }: Place): unknown => {
  if (!isSchema(value)) return value
  if (depth > MAX_DEPTH) throw new RequestFault(param, 'A schema is nested too deep.')
  const place = { param, depth: depth + 1 }
  const said: [string, unknown][] = []
  const unsaid: [string, unknown][] = []
  for (const [keyword, inner] of Object.entries(value)) {
    const nested = convertNested(keyword, inner, place)
    if (nested) said.push(nested)
    else if (isTaken(keyword, inner)) said.push([keyword, inner])
    else if (keyword !== 'additionalProperties' && keyword !== '$schema') {
      unsaid.push([keyword, inner])
    }
  }
  if (isObjectType(value)) {
    assertClosed(value, param)
    said.push(['additionalProperties', false])
  }
  if (unsaid.length > 0) said.push(['description', describe(value.description, unsaid)])
  return Object.fromEntries(said)
}

/**
 * A JSON schema in the subset that the provider can keep an answer to. What it cannot, such as
 * `minimum`, is told to the model in the description, as the provider's own libraries do.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 *
 * @param param the field of the caller's body that it is from
 * @throws RequestFault for a schema that would mean something else
 */
export const toOutputSchema = (schema: Schema, param: string): object =>
  convert(schema, { param, depth: 0 }) as object
