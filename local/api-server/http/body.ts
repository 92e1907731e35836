import type { IncomingMessage } from 'node:http'
import { parse as parseYaml } from 'yaml'
import type { Json } from '../json.ts'
import { decodeProtobuf } from '../protobuf/decode.ts'
import { badRequest, tooLarge, unsupportedMediaType } from '../status.ts'

const MAX_BYTES = 3 * 1024 * 1024

/** Media type of the body, without parameters. */
export const mediaTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''

/** Reads the whole body. @throws ApiError 413 */
export const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) throw tooLarge(MAX_BYTES)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = chunk as Buffer
    bytes += part.length
    if (bytes > MAX_BYTES) throw tooLarge(MAX_BYTES)
    chunks.push(part)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

/** Parses a body as its media type says: JSON, YAML, or protobuf of some kinds. @throws ApiError 400, 415 */
export const parseBody = (bytes: Buffer, mediaType: string): Json => {
  if (mediaType === 'application/vnd.kubernetes.protobuf') return decodeProtobuf(bytes)
  if (!/json|yaml/.test(mediaType)) throw unsupportedMediaType()
  const text = bytes.toString()
  const isYaml = mediaType.endsWith('yaml') && !/^\s*[{[]/.test(text)
  try {
    return (isYaml ? parseYaml(text, { maxAliasCount: 100 }) : JSON.parse(text)) as Json
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw badRequest(
      `the object provided is unrecognized: couldn't get version/kind; json parse error: ${why}`,
    )
  }
}
