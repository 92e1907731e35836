import type { JsonObject } from '../json.ts'
import { type ResourceType, resourceOf } from '../registry/resource-type.ts'
import { badRequest, expired, tooLargeVersion } from '../status.ts'
import type { Store } from '../storage/store.ts'
import type { StoredObject } from '../storage/stored-object.ts'
import { parseSelectors } from './selectors.ts'

/** A page of a list. */
export interface Page {
  readonly objects: StoredObject[]
  readonly metadata: JsonObject
}

interface Token {
  readonly resourceVersion: number
  readonly start: string
}

const encodeToken = (token: Token): string =>
  Buffer.from(JSON.stringify(token)).toString('base64url')

const decodeToken = (text: string): Token => {
  try {
    const { resourceVersion, start } = JSON.parse(
      Buffer.from(text, 'base64url').toString(),
    ) as Token
    if (Number.isSafeInteger(resourceVersion) && typeof start === 'string')
      return { resourceVersion, start }
  } catch {
    // falls through to the error
  }
  throw badRequest('continue key is not valid')
}

/** Reads a resourceVersion parameter. @throws ApiError 400 */
export const parseResourceVersion = (text: string | null): number | undefined => {
  if (text === null || text === '') return undefined
  if (!/^\d{1,15}$/.test(text))
    throw badRequest(`invalid resource version: ${JSON.stringify(text)}`)
  return Number(text)
}

const checkVersion = (query: URLSearchParams, current: number): void => {
  const wanted = parseResourceVersion(query.get('resourceVersion'))
  const match = query.get('resourceVersionMatch')
  if (wanted === undefined || wanted === 0) return
  if (wanted > current) throw tooLargeVersion(wanted, current)
  // Only the newest state is kept.
  if (match === 'Exact' && wanted !== current)
    throw expired(`The provided resource version is too old: ${wanted}`)
}

const limitOf = (query: URLSearchParams): number => {
  const limit = Number(query.get('limit') ?? 0)
  return Number.isSafeInteger(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY
}

/**
 * Lists objects. All pages carry the version of the first, so a watch from it misses nothing.
 * @throws ApiError 400 (selector, continue), 410 (version)
 */
export const listObjects = (
  store: Store,
  scope: { type: ResourceType; namespace: string },
  query: URLSearchParams,
): Page => {
  const { type, namespace } = scope
  const collection = store.collection(resourceOf(type))
  const select = parseSelectors(query, type)
  const given = query.get('continue')
  if (!given) checkVersion(query, store.resourceVersion)
  const token = given ? decodeToken(given) : { resourceVersion: store.resourceVersion, start: '' }
  const limit = limitOf(query)
  const objects: StoredObject[] = []
  let next = ''
  for (const key of collection.keys(namespace ? `${namespace}/` : '', token.start)) {
    const stored = collection.get(key)
    if (!stored || (select && !select(stored.object))) continue
    if (objects.length === limit) {
      next = key
      break
    }
    objects.push(stored)
  }
  const { resourceVersion } = token
  return {
    objects,
    metadata: {
      resourceVersion: String(resourceVersion),
      ...(next && { continue: encodeToken({ resourceVersion, start: next }) }),
    },
  }
}
