import { z } from 'zod'
import { twistUsage } from '../completion.ts'
import { some } from '../content.ts'
import { type Operation, type Twist, toOkReply } from '../dialect.ts'
import { embed } from '../embedding.ts'
import { countTokens } from '../text.ts'
import { content, textOf } from './request.ts'

const single = z.looseObject({
  content,
  outputDimensionality: z.number().int().positive().optional(),
})

type Single = z.infer<typeof single>

const toEmbedding = (request: Single) => ({
  values: [...embed(textOf(request.content), request.outputDimensionality)],
})

const toUsage = (requests: readonly Single[], twist: Twist) => {
  const input = requests.reduce((sum, request) => sum + countTokens(textOf(request.content)), 0)
  const usage = twistUsage({ input, output: 0 }, twist)
  return usage && { promptTokenCount: usage.input }
}

/** POST /v1beta/models/{model}:embedContent */
export const embedContent: Operation = ({ body, pathModel }) => {
  const request = single.parse(body)
  const embedding = toEmbedding(request)
  return {
    model: pathModel,
    reply: (twist) => toOkReply({ embedding, usageMetadata: toUsage([request], twist) }),
  }
}

/** POST /v1beta/models/{model}:batchEmbedContents */
export const batchEmbedContents: Operation = ({ body, pathModel }) => {
  const { requests } = z.looseObject({ requests: some(single).max(100) }).parse(body)
  const embeddings = requests.map(toEmbedding)
  return {
    model: pathModel,
    reply: (twist) => toOkReply({ embeddings, usageMetadata: toUsage(requests, twist) }),
  }
}
