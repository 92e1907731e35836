import type { MediaSource } from './request.ts'
import { RequestFault } from './request-fault.ts'

const DATA = 'data:'
const BASE64 = ';base64'
const WEB = /^https?:\/\//i

/** Some write a type that is none. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([['image/jpg', 'image/jpeg']])

/** The bytes of a data URL; undefined when it is none in base64 that tells its type. */
const readDataUrl = (url: string): MediaSource | undefined => {
  const comma = url.indexOf(',')
  const head = url.slice(0, Math.max(comma, 0)).toLowerCase()
  if (!(head.startsWith(DATA) && head.endsWith(BASE64))) return undefined
  const [named = ''] = head.slice(DATA.length, -BASE64.length).split(';', 1)
  if (named === '') return undefined
  const mediaType = MEDIA_TYPES.get(named) ?? named
  return { type: 'base64', mediaType, data: url.slice(comma + 1) }
}

/**
 * Reads where a medium is: at an address, or within `data:image/png;base64,...`.
 * https://www.rfc-editor.org/rfc/rfc2397
 *
 * @param param the field of the caller's body that it is from
 * @throws RequestFault for what is neither
 */
export const readMediaUrl = (url: string, param: string): MediaSource => {
  if (WEB.test(url)) return { type: 'url', url }
  const source = readDataUrl(url)
  if (source) return source
  throw new RequestFault(param, `'${param}' must be an http(s) URL or a base64 data URL.`)
}

/** The same the other way round. */
export const toMediaUrl = (source: MediaSource): string =>
  source.type === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`
