import type { FilePart, ImagePart, MediaSource, TextPart, UserPart } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import type { CallerPart } from './message-schema.ts'
import { toPresent } from './present.ts'

const DATA = 'data:'
const BASE64 = ';base64'
const WEB = /^https?:\/\//i

/** Some write a type that is none. */
const MEDIA_TYPES = new Map([['image/jpg', 'image/jpeg']])

/** The bytes of a data URL; undefined when it is none in base64 that tells its type. */
const readDataUrl = (url: string): MediaSource | undefined => {
  const comma = url.indexOf(',')
  const head = url.slice(0, Math.max(comma, 0)).toLowerCase()
  if (!(head.startsWith(DATA) && head.endsWith(BASE64))) return undefined
  const named = head.slice(DATA.length, -BASE64.length).split(';', 1)[0] ?? ''
  if (named === '') return undefined
  return {
    type: 'base64',
    mediaType: MEDIA_TYPES.get(named) ?? named,
    data: url.slice(comma + 1),
  }
}

const readUrl = (url: string, param: string): MediaSource => {
  if (WEB.test(url)) return { type: 'url', url }
  const source = readDataUrl(url)
  if (source) return source
  throw new RequestFault(param, `'${param}' must be a web address or a data URL in base64.`)
}

const toImage = (
  { url, detail }: Extract<CallerPart, { type: 'image_url' }>['image_url'],
  param: string,
): ImagePart => ({
  type: 'image',
  source: readUrl(url, `${param}.image_url.url`),
  ...toPresent({ detail }),
})

const toFile = (
  { file_data: data, file_id: id, filename }: Extract<CallerPart, { type: 'file' }>['file'],
  param: string,
): FilePart => {
  if (id) {
    const message = 'The provider of this model has no files of the caller: send file_data.'
    throw new RequestFault(`${param}.file.file_id`, message)
  }
  const field = `${param}.file.file_data`
  if (!data) throw new RequestFault(field, `Missing required parameter: '${field}'.`)
  // Without a type it is base64 alone, and of the one type that the API has always taken.
  const isBare = !(data.includes(':') || data.includes(','))
  const source: MediaSource = isBare
    ? { type: 'base64', mediaType: 'application/pdf', data }
    : readUrl(data, field)
  return { type: 'file', source, ...toPresent({ name: filename }) }
}

/** Reads a part that may be an image. @param param where it stands */
export const decodeImagePart = (
  part: Extract<CallerPart, { type: 'text' | 'image_url' }>,
  param: string,
): TextPart | ImagePart =>
  part.type === 'text' ? { type: 'text', text: part.text } : toImage(part.image_url, param)

/** Reads a part of a user's message. @param param where it stands */
export const decodeUserPart = (part: CallerPart, param: string): UserPart => {
  switch (part.type) {
    case 'text':
    case 'image_url':
      return decodeImagePart(part, param)
    case 'input_audio':
      return { type: 'audio', format: part.input_audio.format, data: part.input_audio.data }
    case 'file':
      return toFile(part.file, param)
  }
}
