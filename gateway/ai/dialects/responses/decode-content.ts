import { z } from 'zod'
import { readMediaUrl } from '../../chat/media-url.ts'
import { toPresent } from '../../chat/present.ts'
import { readField } from '../../chat/read-field.ts'
import type {
  AudioPart,
  FilePart,
  ImagePart,
  RefusalPart,
  TextPart,
  UserPart,
} from '../../chat/request.ts'
import { RequestFault, toMissingFault } from '../../chat/request-fault.ts'
import { decodeFileData } from './decode-media.ts'

const typed = z.object({ type: z.string() })
const text = z.object({ text: z.string() })
const refusal = z.object({ refusal: z.string() })
const image = z.object({ image_url: z.string(), detail: z.string().nullish() })
const audio = z.object({ input_audio: z.object({ data: z.string(), format: z.string() }) })
const file = z.object({
  file_url: z.string().nullish(),
  file_data: z.string().nullish(),
  filename: z.string().nullish(),
})

const decodeImage = (part: unknown, param: string): ImagePart => {
  const { image_url: url, detail } = readField(image, part, param)
  const source = readMediaUrl(url, `${param}.image_url`)
  return { type: 'image', source, ...toPresent({ detail }) }
}

const decodeFile = (part: unknown, param: string): FilePart => {
  const { file_url: url, file_data: data, filename: name } = readField(file, part, param)
  if (!(url || data)) throw toMissingFault(`${param}.file_data`)
  const source = data
    ? decodeFileData(data, name ?? '', `${param}.file_data`)
    : readMediaUrl(url ?? '', `${param}.file_url`)
  return { type: 'file', source, ...toPresent({ name }) }
}

const decodeAudio = (part: unknown, param: string): AudioPart => ({
  type: 'audio',
  ...readField(audio, part, param).input_audio,
})

const decodeText = (part: unknown, param: string): TextPart => ({
  type: 'text',
  text: readField(text, part, param).text,
})

const decodeRefusal = (part: unknown, param: string): RefusalPart => ({
  type: 'refusal',
  text: readField(refusal, part, param).refusal,
})

type Decode<Part> = (part: unknown, param: string) => Part

/** How the parts of content are read, by their type. */
type Decoders<Part> = ReadonlyMap<string, Decode<Part>>

/** What messages to the model may hold: https://platform.openai.com/docs/api-reference/responses/create */
export const SYSTEM_PARTS: Decoders<TextPart> = new Map([['input_text', decodeText]])

/** What a user may show. */
export const USER_PARTS: Decoders<UserPart> = new Map<string, Decode<UserPart>>([
  ['input_text', decodeText],
  ['input_image', decodeImage],
  ['input_file', decodeFile],
  ['input_audio', decodeAudio],
])

/** What a model has said; some callers put words of their own there. */
export const ASSISTANT_PARTS: Decoders<TextPart | RefusalPart> = new Map<
  string,
  Decode<TextPart | RefusalPart>
>([
  ['output_text', decodeText],
  ['refusal', decodeRefusal],
  ['input_text', decodeText],
])

/** What a tool may give back; files are not among it, for few providers take them there. */
export const TOOL_PARTS: Decoders<TextPart | ImagePart> = new Map<
  string,
  Decode<TextPart | ImagePart>
>([
  ['input_text', decodeText],
  ['input_image', decodeImage],
])

/** Reads content, which is a string or a list of parts. @throws RequestFault */
export const decodeContent = <Part>(
  content: unknown,
  decoders: Decoders<Part>,
  param: string,
): readonly (Part | TextPart)[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!(Array.isArray(content) || content === undefined || content === null)) {
    throw new RequestFault(param, `'${param}' must be a string or a list.`)
  }
  return readField(z.array(z.unknown()), content, param).map((part, index) => {
    const place = `${param}[${index}]`
    const { type } = readField(typed, part, place)
    const decode = decoders.get(type)
    if (decode) return decode(part, place)
    const types = [...decoders.keys()].join(', ')
    throw new RequestFault(`${place}.type`, `'${place}.type' must be one of ${types}.`)
  })
}
