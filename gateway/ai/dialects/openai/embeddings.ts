import { z } from 'zod'
import { readListedErrorMessage } from '../../chat/error-message.ts'
import { toPresent } from '../../chat/present.ts'
import type { Codec, EmbeddingsAnswer, EmbeddingsRequest } from '../../dialect.ts'
import { isFailure } from './provider-error.ts'
import { readUsage } from './usage.ts'

/** Thousands of numbers each: a schema of each number would take too long. */
const vector = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((item) => typeof item === 'number'),
  'a vector must be a list of numbers',
)

const answer = z.object({
  data: z.array(z.object({ index: z.int().nullish(), embedding: vector })),
})

const decode = (json: unknown): EmbeddingsAnswer => {
  if (isFailure(json)) throw new Error(readListedErrorMessage(json) ?? 'the provider failed')
  const vectors = answer
    .parse(json)
    .data.map(({ index, embedding }, place) => ({ at: index ?? place, embedding }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ embedding }) => embedding)
  return { vectors, ...toPresent({ usage: readUsage(json) }) }
}

/** https://platform.openai.com/docs/api-reference/embeddings */
export const embeddingsCodec: Codec<EmbeddingsRequest, EmbeddingsAnswer> = {
  encode: ({ input, dimensions }, { model }) => ({
    path: '/embeddings',
    headers: [],
    body: { model, input, ...toPresent({ dimensions }) },
    ignored: [],
  }),
  decode,
}
