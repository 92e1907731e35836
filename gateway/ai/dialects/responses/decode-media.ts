import { readMediaUrl } from '../../chat/media-url.ts'
import type { MediaSource } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

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
  if (data.slice(0, 'data:'.length).toLowerCase() === 'data:') return readMediaUrl(data, param)
  const mediaType = BY_ENDING.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
  if (mediaType !== undefined) return { type: 'base64', mediaType, data }
  throw new RequestFault(param, `'${param}' must be a base64 data URL.`)
}
