import { z } from 'zod'
import { toPresent } from '../../chat/present.ts'
import type { Codec, EmbeddingsAnswer, EmbeddingsRequest } from '../../dialect.ts'
import { toPath, toResourceName } from './path.ts'
import { readUsage } from './usage.ts'

const answer = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  usageMetadata: z.unknown().optional(),
})

/** https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
export const embeddingsCodec: Codec<EmbeddingsRequest, EmbeddingsAnswer> = {
  encode: ({ input, dimensions }, { model }) => ({
    path: toPath(model, 'batchEmbedContents'),
    headers: [],
    body: {
      requests: input.map((text) => ({
        model: toResourceName(model),
        content: { parts: [{ text }] },
        outputDimensionality: dimensions,
      })),
    },
    ignored: [],
  }),
  decode(json) {
    const { embeddings, usageMetadata } = answer.parse(json)
    const vectors = embeddings.map(({ values }) => values)
    return { vectors, ...toPresent({ usage: readUsage(usageMetadata) }) }
  },
}
