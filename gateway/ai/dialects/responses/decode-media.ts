import type { MediaSource } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

const BASE64 = ';base64'

/** Some write a type that is none. */
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([['image/jpg', 'image/jpeg']])

/** Reads `data:image/png;base64,...`: https://www.rfc-editor.org/rfc/rfc2397 */
const decodeDataUrl = (url: string): MediaSource | undefined => {
  const comma = url.indexOf(',')
  const head = url.slice('data:'.length, comma).toLowerCase()
  if (comma < 0 || !head.endsWith(BASE64)) return undefined
  const [named = ''] = head.slice(0, -BASE64.length).split(';', 1)
  const mediaType = MEDIA_TYPES.get(named) ?? named
  return named === '' ? undefined : { type: 'base64', mediaType, data: url.slice(comma + 1) }
}

/** Reads where a medium is. @throws RequestFault for what is no URL of the web, nor holds it. */
export const decodeMediaUrl = (url: string, param: string): MediaSource => {
  const scheme = url.slice(0, 'https://'.length).toLowerCase()
  if (scheme === 'https://' || scheme.startsWith('http://')) return { type: 'url', url }
  const source = scheme.startsWith('data:') ? decodeDataUrl(url) : undefined
  if (source) return source
  throw new RequestFault(param, `'${param}' must be an http(s) URL or a base64 data URL.`)
}

/** Of files that come without their media type; the one that the API took first, for no name. */
const BY_ENDING: ReadonlyMap<string, string> = new Map([
  ['', 'application/pdf'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['json', 'application/json'],
])

/** Reads the content of a file: a data URL, or base64 with a name that tells what it is. */
export const decodeFileData = (data: string, name: string, param: string): MediaSource => {
  if (data.slice(0, 'data:'.length).toLowerCase() === 'data:') return decodeMediaUrl(data, param)
  const mediaType = BY_ENDING.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
  if (mediaType !== undefined) return { type: 'base64', mediaType, data }
  throw new RequestFault(param, `'${param}' must be a base64 data URL.`)
}
