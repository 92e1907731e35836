import { z } from 'zod'
import { toPresent } from '../../chat/present.ts'
import { readField } from '../../chat/read-field.ts'
import type { EmbeddingsAnswer } from '../../dialect.ts'
import type { EmbeddingsCaller } from '../../surface.ts'

/** Lists of tokens are OpenAI's own; no other provider could read them. */
const request = z.looseObject({
  input: z.union([z.string(), z.array(z.string()).min(1).max(2048)], {
    error: 'a string, or a list of strings',
  }),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(['float', 'base64']).nullish(),
})

const toBase64 = (vector: readonly number[]): string =>
  Buffer.from(Float32Array.from(vector).buffer).toString('base64')

const toUsage = ({ usage }: EmbeddingsAnswer) => {
  const tokens = usage?.inputTokens ?? 0
  return { prompt_tokens: tokens, total_tokens: tokens }
}

/** https://platform.openai.com/docs/api-reference/embeddings */
export const openAiEmbeddingsCaller: EmbeddingsCaller = {
  decodeRequest(values) {
    const { input, dimensions } = readField(request, values)
    return {
      input: typeof input === 'string' ? [input] : input,
      ...toPresent({ dimensions: dimensions ?? undefined }),
    }
  },
  encodeAnswer(answer, { encoding_format: format }, model) {
    const encode = format === 'base64' ? toBase64 : (vector: readonly number[]) => vector
    return {
      object: 'list',
      data: answer.vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: encode(vector),
      })),
      model,
      usage: toUsage(answer),
    }
  },
}
