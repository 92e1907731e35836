import { z } from 'zod'
import { twistUsage } from '../completion.ts'
import { some } from '../content.ts'
import { type Operation, toOkReply } from '../dialect.ts'
import { embed, toBase64 } from '../embedding.ts'
import { countTokens } from '../text.ts'

const embedRequest = z.looseObject({
  model: z.string().min(1),
  input_type: z.string().min(1),
  texts: some(z.string()).max(96),
  embedding_types: some(z.enum(['float', 'base64'])).default(['float']),
  output_dimension: z.number().int().positive().optional(),
})

const encode = (vector: Float32Array, type: 'float' | 'base64') =>
  type === 'base64' ? toBase64(vector) : [...vector]

/** POST /v2/embed */
export const embedTexts: Operation = ({ body, seed }) => {
  const { model, texts, embedding_types, output_dimension } = embedRequest.parse(body)
  const input = texts.reduce((sum, text) => sum + countTokens(text), 0)
  const vectors = texts.map((text) => embed(text, output_dimension))
  const embeddings = embedding_types.map((type) => [
    type,
    vectors.map((vector) => encode(vector, type)),
  ])
  return {
    model,
    reply(twist) {
      const usage = twistUsage({ input, output: 0 }, twist)
      const billed_units = usage && { input_tokens: usage.input }
      return toOkReply({
        id: seed,
        texts,
        embeddings: Object.fromEntries(embeddings),
        meta: { api_version: { version: '2' }, billed_units },
        response_type: 'embeddings_by_type',
      })
    },
  }
}
