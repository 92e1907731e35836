import { readMediaUrl } from '../../chat/media-url.ts'
import { toPresent } from '../../chat/present.ts'
import type { FilePart, ImagePart, MediaSource, TextPart, UserPart } from '../../chat/request.ts'
import { RequestFault, toMissingFault } from '../../chat/request-fault.ts'
import type { CallerPart } from './message-schema.ts'

const toImage = (
  { url, detail }: Extract<CallerPart, { type: 'image_url' }>['image_url'],
  param: string,
): ImagePart => ({
  type: 'image',
  source: readMediaUrl(url, `${param}.image_url.url`),
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
  if (!data) throw toMissingFault(field)
  // Without a type it is base64 alone, and of the one type that the API has always taken.
  const isBare = !(data.includes(':') || data.includes(','))
  const source: MediaSource = isBare
    ? { type: 'base64', mediaType: 'application/pdf', data }
    : readMediaUrl(data, field)
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
