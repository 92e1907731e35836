import { z } from 'zod'
import type {
  EmbeddingsAnswer,
  EmbeddingsRequest,
  ModelTraits,
  ProviderRequest,
} from '../../dialect.ts'
import { readUsage } from './usage.ts'

/** https://docs.cohere.com/reference/embed */
export const encodeEmbeddings = (
  { input, dimensions }: EmbeddingsRequest,
  { model }: ModelTraits,
): ProviderRequest => ({
  path: '/v2/embed',
  headers: [],
  body: {
    model,
    texts: input,
    // What the texts are for must be told, and callers do not: most of them are to be found later.
    input_type: 'search_document',
    embedding_types: ['float'],
    output_dimension: dimensions,
  },
  ignored: [],
})

const answer = z.object({
  embeddings: z.object({ float: z.array(z.array(z.number())) }),
  meta: z.unknown().optional(),
})

/** Reads vectors. @throws Error when there are none */
export const decodeEmbeddings = (json: unknown): EmbeddingsAnswer => {
  const { embeddings, meta } = answer.parse(json)
  const usage = readUsage(meta)
  return { vectors: embeddings.float, ...(usage && { usage }) }
}
