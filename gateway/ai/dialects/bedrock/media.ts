import type { AudioPart, FilePart, ImagePart, MediaSource } from '../../chat/request.ts'
import { RequestFault } from '../../chat/request-fault.ts'

/** A piece of a message; one member says of which kind. */
export type ContentBlock = Readonly<Record<string, unknown>>

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html */
const IMAGE_FORMATS = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
])

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html */
const DOCUMENT_FORMATS = new Map([
  ['application/pdf', 'pdf'],
  ['text/csv', 'csv'],
  ['application/msword', 'doc'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['text/html', 'html'],
  ['text/plain', 'txt'],
  ['text/markdown', 'md'],
])

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_AudioBlock.html */
const AUDIO_FORMATS = new Set([
  ...['mp3', 'opus', 'wav', 'aac', 'flac', 'mp4', 'ogg', 'mkv', 'mka'],
  ...['x-aac', 'm4a', 'mpeg', 'mpga', 'pcm', 'webm'],
])

type Formats = ReadonlyMap<string, string>

const toFormat = (mediaType: string, formats: Formats, what: string): string => {
  const [bare = ''] = mediaType.split(';', 1)
  const format = formats.get(bare.trim().toLowerCase())
  if (format !== undefined) return format
  throw new RequestFault(
    'messages',
    `The provider of this model takes no ${what} of the type '${mediaType}'.`,
  )
}

const encodeSource = (source: MediaSource, formats: Formats, what: string) => {
  if (source.type === 'url') {
    throw new RequestFault(
      'messages',
      `The provider of this model takes no ${what} by URL, only its bytes.`,
    )
  }
  return {
    format: toFormat(source.mediaType, formats, what),
    source: { bytes: source.data },
  }
}

/** @throws RequestFault when it is at a URL, or of a format that is not taken */
export const encodeImage = ({ source }: ImagePart): ContentBlock => ({
  image: encodeSource(source, IMAGE_FORMATS, 'image'),
})

/** @throws RequestFault when its format is not taken */
export const encodeAudio = ({ format, data }: AudioPart): ContentBlock => {
  const name = format.toLowerCase()
  if (!AUDIO_FORMATS.has(name)) {
    throw new RequestFault(
      'messages',
      `The provider of this model takes no audio of the format '${format}'.`,
    )
  }
  return { audio: { format: name, source: { bytes: data } } }
}

const MAX_NAME = 200
/** Allowed are these, and single spaces. */
const NOT_IN_NAMES = /[^a-zA-Z0-9()[\]-]+/g

const toName = (name: string): string =>
  name.slice(0, MAX_NAME).replace(NOT_IN_NAMES, ' ').trim() || 'document'

/** Encodes the documents of one request, whose names must differ. */
export const createDocumentEncoder = (): ((part: FilePart) => ContentBlock) => {
  const given = new Set<string>()
  return ({ source, name }) => {
    const plain = toName(name ?? '')
    const unique = given.has(plain) ? `${given.size + 1} ${plain}`.slice(0, MAX_NAME) : plain
    given.add(unique)
    return { document: { name: unique, ...encodeSource(source, DOCUMENT_FORMATS, 'file') } }
  }
}
