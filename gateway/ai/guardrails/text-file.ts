import type { FilePart } from '../chat/request.ts'

const TEXT = /^(?:text\/|application\/json\b)/i
const JSON_TYPE = /^application\/json\b/i

/** A file that a model reads as text. */
export interface TextFile {
  readonly text: string
  readonly isJson: boolean
}

/** A mark at the beginning says in which order the bytes of two stand. */
const toEncoding = ([first, second]: Uint8Array): string => {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** What is in a file; undefined for one that is elsewhere, or no text. */
export const readTextFile = ({ source }: FilePart): TextFile | undefined => {
  if (source.type === 'url' || !TEXT.test(source.mediaType)) return undefined
  const bytes = Buffer.from(source.data, 'base64')
  const text = new TextDecoder(toEncoding(bytes)).decode(bytes)
  return { text, isJson: JSON_TYPE.test(source.mediaType) }
}

/** The same file with another text in it. */
export const withText = (file: FilePart, text: string): FilePart =>
  file.source.type === 'url'
    ? file
    : { ...file, source: { ...file.source, data: Buffer.from(text).toString('base64') } }
