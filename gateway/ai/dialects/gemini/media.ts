import type { AudioPart, MediaSource } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'
import { toStoredMessage } from '../../chat/stored-reference.ts'

/** What the provider reads: https://ai.google.dev/gemini-api/docs/file-input-methods */
const MIME_TYPES = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['bmp', 'image/bmp'],
  ['heic', 'image/heic'],
  ['heif', 'image/heif'],
  ['pdf', 'application/pdf'],
  ['json', 'application/json'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
  ['xml', 'text/xml'],
])

/** A guess from the extension; undefined leaves it to the provider to find out. */
const findMimeType = (url: string): string | undefined => {
  const path = URL.parse(url)?.pathname ?? ''
  return MIME_TYPES.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase())
}

/** Of the files that are kept at the provider: https://ai.google.dev/api/files */
const FILES_HOST = /(?:^|[.-])generativelanguage\.googleapis\.com\.?$/

/** All callers share one account there, so that one could read what another has stored. */
const isStored = (url: string): boolean => {
  const host = URL.parse(url)?.hostname
  // What cannot be read here may be read there.
  return host === undefined || FILES_HOST.test(host)
}

/** An image or a document. @throws RequestFault for one that is kept at the provider */
export const encodeMedia = (source: MediaSource) => {
  if (source.type === 'base64') {
    return { inlineData: { mimeType: source.mediaType, data: source.data } }
  }
  const { url } = source
  if (isStored(url)) throw new RequestFault('messages', toStoredMessage(url))
  return { fileData: { mimeType: findMimeType(url), fileUri: url } }
}

/** https://ai.google.dev/gemini-api/docs/audio#supported-formats */
export const encodeAudio = ({ format, data }: AudioPart) => ({
  inlineData: { mimeType: `audio/${format}`, data },
})
