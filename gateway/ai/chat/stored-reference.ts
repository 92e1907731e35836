import { foldName } from './parse-body.ts'

/** Whether a member of a request names something that is kept at the provider. */
export type IsReference = (name: string, value: unknown) => boolean

/** Schemas and arguments may use any name, and citations only mention. */
const OPAQUE = new Set([
  ...['parameters', 'schema', 'input_schema', 'output_schema', 'annotations'],
  ...['arguments', 'input_examples'],
])

/** Anthropic's blocks of which the input has the names that a tool gives it. */
const CALLS: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use'])

/** Whether names mean nothing within a member. */
const isOpaque = (name: string, owner: object): boolean =>
  OPAQUE.has(name) || (name === 'input' && CALLS.has(Reflect.get(owner, 'type')))

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

interface Place {
  readonly path: string
  readonly value: object
}

/** Looks at the members of an object or a list. @returns the path of a reference among them. */
const inspect = (
  { path, value }: Place,
  places: Place[],
  isReference: IsReference,
): string | undefined => {
  const isList = Array.isArray(value)
  for (const [key, member] of Object.entries(value)) {
    const name = isList ? '' : foldName(key)
    const within = isList ? `${path}[${key}]` : `${path}.${key}`
    if (isReference(name, member)) return within
    if (isObject(member) && !isOpaque(name, value)) places.push({ path: within, value: member })
  }
  return undefined
}

/** A loop, for a caller may nest as deep as it likes. @returns the path of a reference. */
export const findReference = (
  root: string,
  value: unknown,
  isReference: IsReference,
): string | undefined => {
  const places: Place[] = isObject(value) ? [{ path: root, value }] : []
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const found = inspect(place, places, isReference)
    if (found !== undefined) return found
  }
  return undefined
}

/** Why what is stored cannot be used: all callers share one account at the provider. */
export const toStoredMessage = (param: string): string =>
  `'${param}' refers to what is stored at the provider, which is not supported: send the content itself.`
