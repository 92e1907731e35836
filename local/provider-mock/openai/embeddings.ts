import { z } from 'zod'
import { twistUsage } from '../completion.ts'
import { some } from '../content.ts'
import { type Operation, toOkReply } from '../dialect.ts'
import { embed, toBase64 } from '../embedding.ts'
import { countTokens } from '../text.ts'

const tokens = some(z.number().int())

const embeddingsRequest = z.looseObject({
  model: z.string().min(1),
  input: z.union([
    // One text or its tokens, or a list of either.
    z.union([z.string(), tokens]).transform((one) => [one]),
    some(z.union([z.string(), tokens])),
  ]),
  dimensions: z.number().int().positive().nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
})

const countInput = (input: string | readonly number[]): number =>
  typeof input === 'string' ? countTokens(input) : input.length

/** POST /v1/embeddings */
export const embeddings: Operation = ({ body }) => {
  const { model, input, dimensions, encoding_format } = embeddingsRequest.parse(body)
  const count = input.reduce((sum, entry) => sum + countInput(entry), 0)
  const data = input.map((entry, index) => {
    const vector = embed(entry.toString(), dimensions ?? undefined)
    const embedding = encoding_format === 'base64' ? toBase64(vector) : [...vector]
    return { object: 'embedding', index, embedding }
  })
  return {
    model,
    reply(twist) {
      const told = twistUsage({ input: count, output: 0 }, twist)
      const usage = told && { prompt_tokens: told.input, total_tokens: told.input }
      return toOkReply({ object: 'list', data, model, usage })
    },
  }
}
