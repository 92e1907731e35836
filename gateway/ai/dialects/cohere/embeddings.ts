import { z } from 'zod'
import { toPresent } from '../../chat/present.ts'
import type { Codec, EmbeddingsAnswer, EmbeddingsRequest } from '../../dialect.ts'
import { readUsage } from './usage.ts'

const answer = z.object({
  embeddings: z.object({ float: z.array(z.array(z.number())) }),
  meta: z.unknown().optional(),
})

/** https://docs.cohere.com/reference/embed */
export const embeddingsCodec: Codec<EmbeddingsRequest, EmbeddingsAnswer> = {
  encode: ({ input, dimensions }, { model }) => ({
    path: '/v2/embed',
    headers: [],
    body: {
      model,
      texts: input,
      // What the texts are for must be told, and callers do not: most are to be found later.
      input_type: 'search_document',
      embedding_types: ['float'],
      output_dimension: dimensions,
    },
    ignored: [],
  }),
  decode(json) {
    const { embeddings, meta } = answer.parse(json)
    return { vectors: embeddings.float, ...toPresent({ usage: readUsage(meta) }) }
  },
}
