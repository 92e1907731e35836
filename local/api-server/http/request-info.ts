import type { Registry } from '../registry/registry.ts'
import type { ResourceType } from '../registry/resource-type.ts'

/** What the path of a request names. */
export interface RequestInfo {
  readonly type: ResourceType
  readonly namespace: string
  readonly name: string
  readonly subresource: string
  /** The old form `/api/v1/watch/...`. */
  readonly isWatchPath: boolean
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const groupVersion = (
  segments: string[],
): { group: string; version: string; rest: string[] } | undefined => {
  const [root, ...rest] = segments
  if (root === 'api' && rest[0] !== undefined)
    return { group: '', version: rest[0], rest: rest.slice(1) }
  const [group, version, ...others] = rest
  if (root !== 'apis' || group === undefined || version === undefined) return undefined
  return { group, version, rest: others }
}

/** Reads the path of a resource; undefined when it names none that is served. */
export const parseRequestInfo = (path: string, registry: Registry): RequestInfo | undefined => {
  const found = groupVersion(path.split('/').filter(Boolean).map(decode))
  if (!found) return undefined
  const { group, version } = found
  let { rest } = found
  const isWatchPath = rest[0] === 'watch'
  if (isWatchPath) rest = rest.slice(1)
  let namespace = ''
  // /namespaces/x is the namespace itself, /namespaces/x/y what is in it.
  const isInNamespace =
    rest[0] === 'namespaces' &&
    rest[1] !== undefined &&
    registry.find(group, version, rest[2] ?? '')
  if (isInNamespace) {
    namespace = rest[1] ?? ''
    rest = rest.slice(2)
  }
  const [plural = '', name = '', subresource = '', ...more] = rest
  const type = registry.find(group, version, plural)
  if (!type || more.length > 0 || (namespace !== '' && !type.namespaced)) return undefined
  if (type.namespaced && namespace === '' && name !== '') return undefined
  return { type, namespace, name, subresource, isWatchPath }
}
