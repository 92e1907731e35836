import { crc32 } from 'node:zlib'

/** An event as it came: its data parsed, but for markers. */
export interface HeardEvent {
  readonly name: string | undefined
  readonly data: unknown
}

/** What is in a document at a path such as `choices.0.delta`. */
export const at = (document: unknown, path: string): unknown =>
  path.split('.').reduce((value, key) => {
    const isDeep = typeof value === 'object' && value !== null
    return isDeep ? (value as Record<string, unknown>)[key] : undefined
  }, document)

export const parseSse = (text: string): HeardEvent[] =>
  text
    .split(/\r?\n\r?\n/)
    .filter(Boolean)
    .map((event) => {
      const name = /^event: (.*)$/m.exec(event)?.[1]
      const data = /^data: (.*)$/m.exec(event)?.[1] ?? ''
      return { name, data: data.startsWith('{') ? JSON.parse(data) : data }
    })

/** Decodes AWS frames, checksums included; headers of an event come first in its name. */
export const parseFrames = (bytes: Buffer): HeardEvent[] => {
  const events: HeardEvent[] = []
  for (let start = 0; start < bytes.length; ) {
    const length = bytes.readUInt32BE(start)
    const frame = bytes.subarray(start, start + length)
    if (crc32(frame.subarray(0, 8)) !== frame.readUInt32BE(8)) throw new Error('prelude checksum')
    if (crc32(frame.subarray(0, -4)) !== frame.readUInt32BE(length - 4)) throw new Error('checksum')
    const headersEnd = 12 + frame.readUInt32BE(4)
    const headers = parseFrameHeaders(frame.subarray(12, headersEnd))
    const data = JSON.parse(frame.subarray(headersEnd, -4).toString())
    events.push({ name: headers[':event-type'] ?? headers[':exception-type'], data })
    start += length
  }
  return events
}

const parseFrameHeaders = (bytes: Buffer): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 1 + bytes.readUInt8(at)
    const name = bytes.toString('utf8', at + 1, nameEnd)
    const valueEnd = nameEnd + 3 + bytes.readUInt16BE(nameEnd + 1)
    headers[name] = bytes.toString('utf8', nameEnd + 3, valueEnd)
    at = valueEnd
  }
  return headers
}
