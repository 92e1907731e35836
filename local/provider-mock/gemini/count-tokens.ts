import { z } from 'zod'
import { countInput } from '../completion.ts'
import { type Operation, toOkReply } from '../dialect.ts'
import { generateRequest, toPrompt } from './request.ts'

const countRequest = z.union([
  z
    .looseObject({ generateContentRequest: generateRequest })
    .transform((whole) => whole.generateContentRequest),
  generateRequest,
])

/** POST /v1beta/models/{model}:countTokens */
export const countContentTokens: Operation = ({ body, pathModel }) => {
  const totalTokens = countInput(toPrompt(countRequest.parse(body)).turns)
  const promptTokensDetails = [{ modality: 'TEXT', tokenCount: totalTokens }]
  return { model: pathModel, reply: () => toOkReply({ totalTokens, promptTokensDetails }) }
}
