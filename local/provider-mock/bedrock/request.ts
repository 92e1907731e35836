import { z } from 'zod'
import type { Prompt, Turn } from '../completion.ts'
import { named, some, tokenLimit } from '../content.ts'
import { tryParse } from '../json.ts'

const BLANK = 'The text field in the ContentBlock object is blank.'
const UNORDERED = 'A conversation must alternate between user and assistant roles.'

const text = z.string().regex(/\S/, BLANK).optional()
/** What a tool gave may be nothing, unlike what is said. */
const result = z.looseObject({ text: z.string().optional(), json: z.unknown().optional() })

const block = z.looseObject({
  text,
  image: z.looseObject({ format: z.string() }).optional(),
  toolResult: z.looseObject({ toolUseId: z.string(), content: z.array(result) }).optional(),
})

const message = z.looseObject({ role: z.enum(['user', 'assistant']), content: some(block) })

type Message = z.infer<typeof message>

const alternates = (messages: readonly Message[]): boolean =>
  messages.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))

const jsonSchema = z.looseObject({ schema: z.string() })
const textFormat = z.looseObject({ structure: z.looseObject({ jsonSchema }) })

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
export const converseRequest = z.looseObject({
  messages: some(message).refine(alternates, UNORDERED),
  system: z.array(z.looseObject({ text })).optional(),
  inferenceConfig: z.looseObject({ maxTokens: tokenLimit }).optional(),
  toolConfig: z
    .looseObject({ tools: some(z.looseObject({ toolSpec: named.optional() })) })
    .optional(),
  outputConfig: z.looseObject({ textFormat }).optional(),
})

export type ConverseRequest = z.infer<typeof converseRequest>

export const toPrompt = (request: ConverseRequest): Prompt => {
  const { system = [], outputConfig } = request
  const schema = outputConfig?.textFormat.structure.jsonSchema.schema
  return {
    turns: [
      ...system.map((entry): Turn => ({ role: 'system', text: entry.text ?? '', images: 0 })),
      ...request.messages.map(toTurn),
    ],
    tools: (request.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec?.name ?? []),
    // AWS takes it as text.
    schema: schema === undefined ? undefined : tryParse(schema),
    maxTokens: request.inferenceConfig?.maxTokens,
  }
}

/** What a tool gave comes in a message of the user. */
const toTurn = ({ role, content }: Message): Turn => {
  const results = content.flatMap(({ toolResult }) => toolResult ?? [])
  if (results.length > 0) {
    const given = results
      .flatMap((each) => each.content)
      .map((each) => each.text ?? JSON.stringify(each.json))
    return { role: 'tool', text: given.join(''), images: 0 }
  }
  const images = content.filter(({ image }) => image).length
  return { role, text: content.map((each) => each.text ?? '').join(''), images }
}
