import { z } from 'zod'
import type {
  EmbeddingsAnswer,
  EmbeddingsRequest,
  ModelTraits,
  ProviderRequest,
} from '../../dialect.ts'
import { toPath, toResourceName } from './path.ts'
import { readUsage } from './usage.ts'

/** https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
export const encodeEmbeddings = (
  { input, dimensions }: EmbeddingsRequest,
  { model }: ModelTraits,
): ProviderRequest => ({
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
})

const answer = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  usageMetadata: z.unknown().optional(),
})

/** Reads vectors. @throws Error when there are none */
export const decodeEmbeddings = (json: unknown): EmbeddingsAnswer => {
  const { embeddings, usageMetadata } = answer.parse(json)
  const usage = readUsage(usageMetadata)
  return { vectors: embeddings.map(({ values }) => values), ...(usage && { usage }) }
}
