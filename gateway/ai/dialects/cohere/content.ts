import { toMediaUrl } from '../../chat/media-url.ts'
import type { ImagePart, TextPart, UserPart } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

/** The values of `detail` that the provider knows. */
const DETAILS = new Set(['auto', 'low', 'high'])

/** Whether the provider has no word for how closely an image shall be looked at. */
export const hasUnknownDetail = ({ detail }: ImagePart): boolean =>
  detail !== undefined && !DETAILS.has(detail)

const encodeImage = (image: ImagePart): object => {
  const detail = hasUnknownDetail(image) ? undefined : image.detail
  return { type: 'image_url', image_url: { url: toMediaUrl(image.source), detail } }
}

/** Without empty ones, which the provider refuses: https://docs.cohere.com/reference/errors */
const encodePart = (part: UserPart): object | undefined => {
  if (part.type === 'text') return part.text === '' ? undefined : { type: 'text', text: part.text }
  if (part.type === 'image') return encodeImage(part)
  const what = part.type === 'file' ? 'files' : 'audio'
  throw new RequestFault('messages', `Models of this provider take no ${what}.`)
}

/** What a message holds: https://docs.cohere.com/reference/chat */
export type Content = string | readonly object[]

/** Text, as such where it is all that there is. */
export const encodeText = (parts: readonly Pick<TextPart, 'text'>[]): Content => {
  const texts = parts.map(({ text }) => text).filter((text) => text !== '')
  return texts.length > 1 ? texts.map((text) => ({ type: 'text', text })) : (texts[0] ?? '')
}

const isText = (part: { readonly type: string }): part is TextPart => part.type === 'text'

/** What a user says. */
export const encodeUserContent = (parts: readonly UserPart[]): Content =>
  parts.every(isText) ? encodeText(parts) : parts.flatMap((part) => encodePart(part) ?? [])

/** What a tool gives back. */
export const encodeResultContent = (parts: readonly (TextPart | ImagePart)[]): Content => {
  if (parts.every(isText)) return encodeText(parts)
  throw new RequestFault('messages', 'Models of this provider take no images from tools.')
}
