import type { HeaderEdits } from '#config/compiled/api-route.ts'
import { RESERVED_HEADERS } from '#config/compiled/reserved-headers.ts'
import { toLowerName } from './name-table.ts'

/** RFC 9110 §5.6.2 token and §5.5 field value: nothing that could end a header line. */
const NAME = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * Prepares the header edits of a route: set, then add, then remove (Gateway API
 * HTTPHeaderFilter). `set` replaces all occurrences at the position of the first. Undefined when
 * there is nothing to do.
 * @throws TypeError for a name or value that is not one of HTTP, or a name that is the gateway's.
 */
export const createHeaderEditor = (
  edits: HeaderEdits | undefined,
): ((headers: string[]) => string[]) | undefined => {
  const { set = [], add = [], remove = [] } = edits ?? {}
  if (set.length + add.length + remove.length === 0) return undefined
  for (const [name, value] of [...set, ...add]) checkHeader(name, value)
  for (const name of remove) checkHeader(name, '')

  const removed = new Set(remove.map((name) => name.toLowerCase()))
  const isKept = ([name]: readonly [string, string]) => !removed.has(name.toLowerCase())
  const replaced = new Map<string, readonly [string, string]>()
  for (const entry of set.filter(isKept)) {
    const name = entry[0].toLowerCase()
    // Of equal names the first counts, as in the Gateway API.
    if (!replaced.has(name)) replaced.set(name, entry)
  }
  const added = add.filter(isKept).flat()
  return (headers) => {
    const edited = replaceAndRemove(headers, replaced, removed)
    for (const part of added) edited.push(part)
    return edited
  }
}

const replaceAndRemove = (
  headers: readonly string[],
  replaced: ReadonlyMap<string, readonly [string, string]>,
  removed: ReadonlySet<string>,
): string[] => {
  const edited: string[] = []
  const placed = new Set<string>()
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] as string
    const lower = toLowerName(name)
    if (removed.has(lower)) continue
    const replacement = replaced.get(lower)
    if (replacement === undefined) edited.push(name, headers[i + 1] as string)
    else if (!placed.has(lower)) {
      placed.add(lower)
      edited.push(replacement[0], replacement[1])
    }
  }
  if (placed.size === replaced.size) return edited
  for (const [lower, [name, value]] of replaced) if (!placed.has(lower)) edited.push(name, value)
  return edited
}

const checkHeader = (name: string, value: string): void => {
  if (!NAME.test(name)) throw new TypeError(`invalid header name ${JSON.stringify(name)}`)
  if (!VALUE.test(value)) throw new TypeError(`invalid value for header ${name}`)
  if (RESERVED_HEADERS.has(name.toLowerCase()))
    throw new TypeError(`header ${name} cannot be edited`)
}
