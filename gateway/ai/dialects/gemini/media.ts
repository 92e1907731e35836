import type { AudioPart, MediaSource } from '../../chat/request.ts'

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

/** An image or a document. */
export const encodeMedia = (source: MediaSource) =>
  source.type === 'base64'
    ? { inlineData: { mimeType: source.mediaType, data: source.data } }
    : { fileData: { mimeType: findMimeType(source.url), fileUri: source.url } }

/** https://ai.google.dev/gemini-api/docs/audio#supported-formats */
export const encodeAudio = ({ format, data }: AudioPart) => ({
  inlineData: { mimeType: `audio/${format}`, data },
})
